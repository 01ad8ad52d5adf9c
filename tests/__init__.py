"""The tests, from the domain alone to real browsers."""
