"""The Swedish words of what staff ask and find; `web/labels.py` takes them in."""

from collections.abc import Mapping
from enum import StrEnum

from intake import asked, assessments, decisions, guide, ways_in

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
    assessments.Method: {
        assessments.Method.FREDA_SHORT: "FREDA kortfrågor",
        assessments.Method.FREDA_DANGER: "FREDA farlighetsbedömning",
        assessments.Method.OTHER_STANDARD: "Annan standardiserad metod",
        assessments.Method.NOT_STANDARD: "Inte med standardiserad metod",
    },
    assessments.Police: {
        assessments.Police.NOT_ASKED: "Inte frågat",
        assessments.Police.YES: "Ja, samtycker",
        assessments.Police.NO: "Nej, samtycker inte",
    },
    guide.Question: {
        guide.Question.ACUTE: "Akut behov",
        guide.Question.EXTENT: "Våldets art och omfattning",
        guide.Question.CONSEQUENCES: "Följder",
        guide.Question.NETWORK: "Nätverk",
        guide.Question.PARENTING: "Barn och föräldraskap",
        guide.Question.SOON: "Behov på kort sikt",
        guide.Question.LATER: "Behov på lång sikt",
    },
    guide.OfWhoUses: {
        guide.OfWhoUses.MINOR: "Är den utsatta ett barn?",
        guide.OfWhoUses.CULTURE: "Lever den utsatta i en hederskultur?",
        guide.OfWhoUses.DISABILITY: (
            "Är den utsatta särskilt utsatt genom en funktionsnedsättning?"
        ),
        guide.OfWhoUses.LIBERTY: "Är personen på fri fot?",
        guide.OfWhoUses.RECEPTIVE: "Mottaglighet för hjälp",
        guide.OfWhoUses.RELAPSE: "Risk för återfall",
    },
    decisions.ConflictCheck: {
        decisions.ConflictCheck.MINE: "Jävskontroll gjord av den som avslutade",
        decisions.ConflictCheck.COLLEAGUE: "Jävskontroll gjord av en kollega",
        decisions.ConflictCheck.NOT_DONE: "Jävskontroll inte gjord",
    },
    ways_in.AccountEvent: {
        ways_in.AccountEvent.CODE: "Loggade in med engångskod",
        ways_in.AccountEvent.RECOVERY_CODE: "Loggade in med en reservkod",
        ways_in.AccountEvent.RECOVERY_CODES_MADE: "Nya reservkoder gjordes",
    },
}
