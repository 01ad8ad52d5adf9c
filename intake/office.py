"""What every writing function needs to know of the municipality and of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.life import Signer
from intake.routing import Rules
from intake.sms.texts import Texts, shipped
from intake.units import Unit


@dataclass(frozen=True, slots=True)
class Office:
    """Units and rules as configured, the worker's public key, and who signs events."""

    units: Mapping[str, Unit]
    rules: Rules
    worker_public: bytes
    signer: Signer
    texts: Texts = field(default_factory=shipped)  # what goes out, and calls' lines
    sender: str = ""  # the number or name that texts go out from
