"""Many at once, some of them killed: real processes against a real database."""
