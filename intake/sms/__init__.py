"""Text messages: what may be said, and who carries it."""
