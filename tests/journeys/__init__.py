"""Journeys in a real browser, against the demonstration as `make run` starts it."""
