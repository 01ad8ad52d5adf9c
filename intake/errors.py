"""What can go wrong in the domain, each as a name of its own."""


class IntakeError(Exception):
    """The root of the domain's errors. Messages never hold anything that was typed."""


class SealBroken(IntakeError):
    """A box does not open with the key at hand."""


class NoDesk(IntakeError):
    """A routing rule, unit or desk is missing, or too few members can open it."""


class MistypedReceipt(IntakeError):
    """The digits are not a receipt: wrong count, or the check digit does not fit."""


class UnknownReceipt(IntakeError):
    """No open door fits these digits and this word."""


class DoorClosed(IntakeError):
    """The receipt was made useless or has ended."""


class AlreadyHeld(IntakeError):
    """Another member holds the request. `holder` is her working name."""

    def __init__(self, holder: str) -> None:
        super().__init__("another member holds the request")
        self.holder = holder


class NotHeld(IntakeError):
    """The member does not hold the request, or her lease has ended."""


class NotAllowed(IntakeError):
    """A rule forbids it now. `reason` is a key with a label in the desk's table."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooLong(IntakeError):
    """A text is longer than its block allows. `limit` counts characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"longer than {limit} characters")
        self.limit = limit


class BadData(IntakeError):
    """A data file (routing, units, help lines) is wrong; the message says where."""
