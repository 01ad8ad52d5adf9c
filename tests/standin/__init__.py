"""Local stand-ins for Twilio and 46elks: for tests and the demonstration only.

They behave as the part of the carriers' APIs that Stilla uses, and are stricter: what
the carriers would let pass, such as an unknown parameter, is refused here.
"""

from tests.standin.account import Asked
from tests.standin.behaviour import Answer, Callbacks, Conduct
from tests.standin.elks import ElksStandIn
from tests.standin.messages import Message
from tests.standin.server import StandIn
from tests.standin.webhooks import Reply, post, sign

__all__ = [
    "Answer",
    "Asked",
    "Callbacks",
    "Conduct",
    "ElksStandIn",
    "Message",
    "Reply",
    "StandIn",
    "post",
    "sign",
]
