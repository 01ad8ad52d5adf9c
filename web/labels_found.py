"""The Swedish words of what staff ask and find; `web/labels.py` takes them in."""

from collections.abc import Mapping
from enum import StrEnum

from intake import asked, decisions

FOUND: dict[type[StrEnum], Mapping[StrEnum, str]] = {
    asked.About: {
        asked.About.EXPOSED: "Utsatt för våld",
        asked.About.USING: "Använder våld",
    },
    asked.Reply: {
        asked.Reply.YES: "Ja",
        asked.Reply.NO: "Nej",
        asked.Reply.NOT_SAFE: "Inte säkert att fråga nu",
    },
    decisions.ConflictCheck: {
        decisions.ConflictCheck.MINE: "Jävskontroll gjord av den som avslutade",
        decisions.ConflictCheck.COLLEAGUE: "Jävskontroll gjord av en kollega",
        decisions.ConflictCheck.NOT_DONE: "Jävskontroll inte gjord",
    },
}
