"""The Swedish words of what staff ask and find; `web/labels.py` takes them in."""

from collections.abc import Mapping
from enum import StrEnum

from intake import (
    asked,
    assessments,
    bridge_tables,
    consents,
    decisions,
    endings,
    guide,
    heard,
    staff_log,
    ways_in,
)
from intake.log_checks import LineFinding
from intake.seeing import Ground
from intake.topics import JoinGround

FOUND: dict[type[StrEnum], Mapping[StrEnum, str]] = {
    JoinGround: {
        JoinGround.SAID: "Personen sa det i våra samtal, efter ordet i båda",
        JoinGround.READ: "Vi bedömer det av det som står i båda",
    },
    Ground: {
        Ground.GLASS: "Öppnade ensam, med skäl",
        Ground.TWO: "Öppnade när en kollega hade godkänt",
        Ground.HOLDS: "Hade tagit ärendet",
        Ground.FOUND: "Sökte på beteckningen",
        Ground.ON_CALL: "Läste som jour",
        Ground.UNREAD: "Öppnade ett oläst ärende",
        Ground.COLLEAGUE: "Läste som kollega i kön",
    },
    LineFinding: {
        LineFinding.FINE: "Inget att fråga om",
        LineFinding.ASK: "Ska frågas",
        LineFinding.REPORTED: "Anmäld vidare",
    },
    asked.About: {
        asked.About.EXPOSED: "Utsatt för våld",
        asked.About.USING: "Använder våld",
    },
    asked.Reply: {
        asked.Reply.YES: "Ja",
        asked.Reply.NO: "Nej",
        asked.Reply.NOT_SAFE: "Inte säkert att fråga nu",
    },
    staff_log.StaffAct: {
        staff_log.StaffAct.INVITED: "Inbjuden",
        staff_log.StaffAct.RESET: "Inloggningen nollställdes",
        staff_log.StaffAct.PLACE_GIVEN: "Fick en plats, väntar på att bli insläppt",
        staff_log.StaffAct.ROLE_STAFF: "Fick rollen handläggare",
        staff_log.StaffAct.ROLE_HEAD: "Fick rollen chef",
        staff_log.StaffAct.ROLE_ADMINISTRATOR: "Fick rollen administratör",
        staff_log.StaffAct.ROLE_ANALYST: "Fick rollen som ser bara siffror",
        staff_log.StaffAct.ROLE_COORDINATOR: "Fick rollen säkerhetssamordnare",
        staff_log.StaffAct.CHILDREN: "Får ta barns egna ärenden",
        staff_log.StaffAct.CHILDREN_NOT: "Får inte längre ta barns egna ärenden",
        staff_log.StaffAct.KEY_PERSON: "Blev enhetens nyckelperson",
        staff_log.StaffAct.KEY_PERSON_NOT: "Är inte längre enhetens nyckelperson",
        staff_log.StaffAct.LET_IN: "Insläppt",
        staff_log.StaffAct.RECOVERED: "Insläppt med återställningsnyckeln",
        staff_log.StaffAct.PLACE_ENDED: "Platsen avslutades",
        staff_log.StaffAct.LEFT: "Slutade",
        staff_log.StaffAct.PAPER: "Ett nytt papper gjordes",
        staff_log.StaffAct.TURN_BEGUN: "Nyckeln byttes",
        staff_log.StaffAct.TURNED: "Bytet blev klart",
    },
    assessments.Method: {
        assessments.Method.PROTECTION: "Skyddsbedömning av ett barn",
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
    heard.Meaning: {
        heard.Meaning.LATER: "senare, inte nu",
        heard.Meaning.TIME: "en dag eller en tid",
        heard.Meaning.CALL: "ring mig",
        heard.Meaning.HELP: "hjälp",
        heard.Meaning.DANGER: "fara, 112",
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
    consents.Plan: {
        consents.Plan.INTERNAL: "Samordningsplan mellan kommunens enheter",
        consents.Plan.SIP: "SIP, samordnad individuell plan med regionen",
    },
    consents.Giver: {
        consents.Giver.PERSON: "Personen själv",
        consents.Giver.CUSTODIAN: "Vårdnadshavare",
        consents.Giver.TRUSTEE: "God man eller förvaltare",
    },
    endings.Whither: {
        endings.Whither.OWN_UNIT: "En annan enhet i kommunen",
        endings.Whither.INCOME: "Ekonomiskt bistånd",
        endings.Whither.OTHER_TOWN: "En annan kommun",
        endings.Whither.POLICE: "Polisen",
        endings.Whither.HEALTH: "Vården",
        endings.Whither.SHELTER: "Skyddat boende eller kvinnojour",
        endings.Whither.HELP_LINE: "En stödlinje",
        endings.Whither.WITNESS: "Brottsofferjouren eller vittnesstöd",
        endings.Whither.LAWYER: "Jurist",
        endings.Whither.STOPPING: "Hjälp att sluta använda våld",
        endings.Whither.SCHOOL: "Skolan eller elevhälsan",
        endings.Whither.OTHER: "Någon annanstans, det står i anteckningen",
    },
    endings.Ending: {
        endings.Ending.HELPED: "Fick svar eller hjälp av oss",
        endings.Ending.GUIDED: "Hänvisad vidare",
        endings.Ending.UNREACHED: "Nåddes inte",
        endings.Ending.DECLINED: "Ville inte ha mer kontakt",
        endings.Ending.NOTHING: "Inget för socialtjänsten",
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
        ways_in.AccountEvent.PASSKEY: "Loggade in med passnyckel",
        ways_in.AccountEvent.PASSKEY_ADDED: "En passnyckel lades till",
        ways_in.AccountEvent.PASSKEY_REMOVED: "En passnyckel togs bort",
        ways_in.AccountEvent.PASSKEY_COPIED: (
            "En passnyckel nekades: det kan finnas en kopia av den"
        ),
        ways_in.AccountEvent.OUTSIDE: "Loggade in med kommunens inloggning",
        ways_in.AccountEvent.OUTSIDE_BOUND: "Kommunens inloggning kopplades",
        ways_in.AccountEvent.OUTSIDE_UNBOUND: "Kommunens inloggning kopplades bort",
    },
    bridge_tables.BridgeState: {
        bridge_tables.BridgeState.WAITING: "Din telefon rings strax upp.",
        bridge_tables.BridgeState.RINGING: "Din telefon ringer.",
        bridge_tables.BridgeState.PRESSED: "Den du ringer rings strax upp.",
        bridge_tables.BridgeState.DIALLING: "Den du ringer rings upp nu.",
        bridge_tables.BridgeState.OVER: "Uppkopplingen är över.",
        bridge_tables.BridgeState.FAILED: "Samtalet kopplades inte upp.",
    },
}
