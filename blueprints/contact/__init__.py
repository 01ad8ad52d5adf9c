"""The door to write: send, keep the number, come back with it for the answer."""

from blueprints.contact.views import bp

__all__ = ["bp"]
