"""A local stand-in for Twilio: for tests and the demonstration, never the product.

It behaves as the part of Twilio's 2010-04-01 API that Stilla uses, and is stricter:
what Twilio would let pass, such as an unknown parameter, is refused here.
"""

from tests.standin.account import Asked
from tests.standin.behaviour import Answer, Callbacks, Conduct
from tests.standin.messages import Message
from tests.standin.server import StandIn
from tests.standin.webhooks import Reply, post, sign

__all__ = [
    "Answer",
    "Asked",
    "Callbacks",
    "Conduct",
    "Message",
    "Reply",
    "StandIn",
    "post",
    "sign",
]
