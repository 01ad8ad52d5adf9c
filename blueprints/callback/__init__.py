"""The door to be called: times that are safe, on her terms; and the text webhooks."""

from blueprints.callback.views import bp

__all__ = ["bp"]
