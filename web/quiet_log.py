"""A log that tells what broke and where, and nothing of what anybody typed.

An exception's message may quote a text, a number or a statement's values, and a path
may hold the handle of a one-time page. So only classes and places are written.
"""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

from flask import Flask, request

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
NoExcInfo = tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """Formats exceptions without their messages."""

    def formatException(self, ei: ExcInfo | NoExcInfo) -> str:  # noqa: N802 - logging's
        """Return the classes and places of an exception and of what caused it."""
        return places(ei[1])


class QuietFlask(Flask):
    """A Flask that logs a fault by endpoint, never by path."""

    def log_exception(self, exc_info: ExcInfo | NoExcInfo) -> None:
        """Log the classes and places of a fault."""
        self.logger.error("fault in %s\n%s", request.endpoint, places(exc_info[1]))


def configure_log(level: int = logging.INFO) -> None:
    """Send all of the process's log to standard error, quietly."""
    handler = logging.StreamHandler()
    handler.setFormatter(QuietFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it greets at every start


def places(error: BaseException | None) -> str:
    """Return class names and stack places, the first cause first."""
    return "".join(_lines(error)).rstrip()


def _lines(error: BaseException | None) -> Iterator[str]:
    for one in reversed(list(_chain(error))):
        yield from traceback.format_tb(one.__traceback__)
        yield f"{type(one).__module__}.{type(one).__qualname__}\n"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden
