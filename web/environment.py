"""How a setting is declared on a dataclass and found in the environment."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from web import readers

T = TypeVar("T")

PREFIX = "STILLA_"


class SettingsError(Exception):
    """A setting is missing or wrong. One line that names it, never a secret's value."""


class Face(StrEnum):
    """The three processes, each with its own secrets."""

    PUBLIC = "public"
    STAFF = "staff"
    WORKER = "worker"


class Mode(StrEnum):
    """Whether real people are on the other side."""

    PRODUCTION = "production"
    DEMO = "demo"
    TRAINING = "training"  # the desk alone, with made-up people; nothing is sent


class SmsCarrier(StrEnum):
    """Who carries text messages."""

    OFF = "off"
    CONSOLE = "console"
    TWILIO = "twilio"
    ELKS = "46elks"


ALL_FACES = frozenset(Face)


@dataclasses.dataclass(frozen=True, slots=True)
class Declared:
    """What is known of a setting beside its value."""

    meaning: str
    read: Callable[[str], object]
    shown: str  # the default, as documentation writes it
    faces: frozenset[Face]
    secret: bool
    required: bool


def setting(
    meaning: str,
    read: Callable[[str], T],
    default: T,
    faces: frozenset[Face] = ALL_FACES,
    *,
    shown: str = "",
    secret: bool = False,
    required: bool = False,
    in_repr: bool = True,
) -> T:
    """Declare a field that is read from STILLA_ and the field's name in capitals.

    `shown` is the default as documentation writes it, where the value itself won't do.
    A secret is kept out of the repr, and a face that is not among `faces` refuses it.
    """
    shown = shown or str(default) or "none"
    made: T = dataclasses.field(
        # A factory, as dataclasses refuse a mapping for a plain default.
        default_factory=lambda: default,
        repr=in_repr and not secret,
        metadata={"declared": Declared(meaning, read, shown, faces, secret, required)},
    )
    return made


def key_of(faces: frozenset[Face], meaning: str) -> bytes:
    """Declare a secret 32-byte key that the given faces can't start without."""
    return setting(
        meaning, readers.key, b"", faces, shown="none", secret=True, required=True
    )


def declared_on(kind: type) -> Iterator[tuple[str, Declared]]:
    """Yield the field names of a settings class and what was declared of each.

    Its own come first, then those of the class that it builds on.
    """
    own = kind.__annotations__
    for field in sorted(dataclasses.fields(kind), key=lambda f: f.name not in own):
        yield field.name, field.metadata["declared"]


def variable(field_name: str) -> str:
    """Return the environment's name of a field."""
    return PREFIX + field_name.upper()


def read_declared(kind: type, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that the environment gives, by field name.

    An empty text counts as not given. Raises SettingsError for a value that can't be
    read, and for a name that no setting has: a mistyped name must not pass unseen.
    """
    declared = {variable(name): (name, said) for name, said in declared_on(kind)}
    values: dict[str, Any] = {}
    for given, text in environ.items():
        if not given.startswith(PREFIX) or not text.strip():
            continue
        if given not in declared:
            raise SettingsError(
                f"{given} is no setting; see the README for their names"
            )
        name, said = declared[given]
        try:
            values[name] = said.read(text.strip())
        except readers.BadValue as error:
            # `from None`: the cause would show the value, and that may be a secret.
            raise SettingsError(f"{given} {error}") from None
    return values
