"""The Swedish words of the desk: one table for every key that staff can meet."""

from collections.abc import Mapping
from enum import StrEnum

from intake import danger, topics
from intake.alert_tables import AlertWhen
from intake.life import EventKind
from intake.messages import Delivery
from intake.outcomes import Outcome
from intake.piles import Beside, Pile
from web.labels_found import FOUND

Words = Mapping[StrEnum, str]

_WHO: dict[type[StrEnum], Words] = {
    topics.Audience: {
        topics.Audience.EXPOSED: "Utsatt själv",
        topics.Audience.RELATIVE: "Orolig för någon annan",
        topics.Audience.USES_VIOLENCE: "Använder våld och vill sluta",
        topics.Audience.PROFESSIONAL: "Möter det i sitt yrke",
        topics.Audience.UNSAID: "Inte sagt",
    },
    topics.Side: {
        topics.Side.HURT: "Utsatta och anhöriga",
        topics.Side.HURTS: "Den som använder våld",
    },
    topics.Position: {
        topics.Position.EXPOSED: "Utsatt",
        topics.Position.CHILD_WITNESS: "Barn som bevittnar",
        topics.Position.USES_VIOLENCE: "Använder våld",
        topics.Position.RELATIVE: "Anhörig eller annan närstående",
    },
    topics.Mark: {
        topics.Mark.HONOUR: "Heder",
        topics.Mark.TRAFFICKING: "Människohandel",
        topics.Mark.MAY_BE_WHO_HURTS: "Kan vara den som skadar",
        topics.Mark.PROTECTED_DATA: "Skyddade personuppgifter",
    },
    topics.Protection: {
        topics.Protection.SECRECY_MARK: "Sekretessmarkering",
        topics.Protection.REGISTERED_ELSEWHERE: "Skyddad folkbokföring",
        topics.Protection.ASSUMED_IDENTITY: "Fingerade personuppgifter",
    },
    topics.Phone: {
        topics.Phone.OWN: "Egen telefon",
        topics.Phone.SHARED: "Delas med någon: ring inte, sms:a inte",
        topics.Phone.PARENT: "En förälders: ring inte, sms:a inte",
        topics.Phone.OTHER_KNOWS: (
            "En annan persons. Hen vet om det och har sagt att numret är säkert"
        ),
        topics.Phone.UNSAID: "Inte sagt vems den är",
    },
    topics.Role: {
        topics.Role.STAFF: "Handläggare",
        topics.Role.HEAD: "Chef",
        topics.Role.ADMINISTRATOR: "Administratör",
        topics.Role.ANALYST: "Ser bara siffror",
        topics.Role.COORDINATOR: "Säkerhetssamordnare",
    },
}

_WHAT: dict[type[StrEnum], Words] = {
    topics.Channel: {
        topics.Channel.FORM: "Skrev på sidan",
        topics.Channel.CALLBACK: "Bad om att bli uppringd",
        topics.Channel.SMS: "Sms",
        topics.Channel.PHONE: "Telefon",
        topics.Channel.VISIT: "Besök",
        topics.Channel.ON_CALL: "Från socialjouren",
        topics.Channel.CONCERN: "Orosanmälan, obekräftad",
    },
    topics.Danger: {
        topics.Danger.UNSAID: "Inte sagt",
        topics.Danger.NOT_NOW: "Inte farligt just nu",
        topics.Danger.SOON: "Kan bli farligt snart",
        topics.Danger.NOW: "Farligt nu",
    },
    topics.Urgency: {
        topics.Urgency.NORMAL: "Vanlig",
        topics.Urgency.HIGH: "Brådskande",
        topics.Urgency.ACUTE: "Akut",
    },
    topics.State: {
        topics.State.UNREAD: "Oläst",
        topics.State.OPEN: "Öppet",
        topics.State.CALLING: "Samtal utan utfall",
        topics.State.DECISION: "Väntar på beslut",
        topics.State.TAKEN_BACK: "Återtaget",
        topics.State.CLOSED: "Avslutat",
    },
    topics.Contact: {
        topics.Contact.ALLOWED: "Får ringas, men bara i tiderna här under",
        topics.Contact.NOT_ASKED: "Ring inte. Ingen har bett om det",
        topics.Contact.NONE_SAFE: "Ring inte. Ingen tid är säker",
        topics.Contact.NOT_HER_PHONE: "Ring inte. Telefonen är inte personens egen",
        topics.Contact.SAID_STOP: "Ring inte. Någon har sagt stopp",
        topics.Contact.ANOTHER_ANSWERED: "Ring inte. Någon annan har svarat",
        topics.Contact.WRONG_NUMBER: "Ring inte. Numret är fel",
        topics.Contact.CANCELLED: (
            "Ring inte. Samtalen avbokades med numret, kanske av en annan person"
        ),
        topics.Contact.SAID_NO: "Ring inte. Samtalen avbokades i ett samtal, med ordet",
        topics.Contact.TAKEN_BACK: "Kontakta inte. Ärendet är återtaget",
    },
    topics.Wish: {
        topics.Wish.ANSWER: "Ett svar",
        topics.Wish.CALL: "Att bli uppringd",
        topics.Wish.MEETING: "Ett möte",
    },
    topics.Kind: {
        topics.Kind.ACCOUNT: "Första texten",
        topics.Kind.MORE: "Skrevs senare",
        topics.Kind.TEXT: "Sms",
        topics.Kind.NUMBER: "Telefonnummer",
        topics.Kind.ALIAS: "Vill kallas",
        topics.Kind.WORD: "Ordet för ”jag kan prata fritt”",
        topics.Kind.NOT_NOW_WORD: "Ordet för ”inte nu”",
        topics.Kind.SAFETY: "Säker kontakt",
        topics.Kind.AVOID: "Den som inte får se detta",
        topics.Kind.NOTE: "Intern anteckning",
        topics.Kind.GUIDE: "Samtalsguide",
        topics.Kind.CONSULTED: "Skäl för samråd",
        topics.Kind.CONSENT: "Samtycke till samordning",
        topics.Kind.ANSWER: "Svar från oss",
    },
    topics.HandOverGround: {
        topics.HandOverGround.CONSENT: "Personen har sagt ja",
        topics.HandOverGround.CHILD_DUTY: "Skyldighet för ett barns skull",
        topics.HandOverGround.RIGHT_UNIT: "Rätt enhet för ärendet",
    },
    topics.Half: {
        topics.Half.ACCOUNT: "Det personen skrev",
        topics.Half.ANSWER: "Det vi svarade",
    },
    topics.Origin: {
        topics.Origin.FORM: "i formuläret",
        topics.Origin.AGAIN: "i samma formulär, en gång till",
        topics.Origin.RECEIPT: "med numret, kan vara en annan person",
        topics.Origin.SMS: "med sms, kan vara en annan person",
        topics.Origin.STAFF: "av oss",
    },
}

_CALLS: dict[type[StrEnum], Words] = {
    topics.Opening: {
        topics.Opening.SURVEY: "En undersökning",
        topics.Opening.DELIVERY: "En leverans",
        topics.Opening.WRONG_PERSON: "En cykel på lagning",
        topics.Opening.CLUB: "En träning",
    },
    topics.Voice: {
        topics.Voice.ANY: "Vilken röst som helst",
        topics.Voice.WOMAN: "Bara en kvinnas röst",
        topics.Voice.MAN: "Bara en mans röst",
    },
    topics.ShownNumber: {
        topics.ShownNumber.HIDDEN: "Dölj numret när du ringer",
        topics.ShownNumber.SHOWN: "Visa det nummer som enheten ringer från",
    },
    Outcome: {
        Outcome.WORD_CAME: "Ordet kom, vi kunde prata",
        Outcome.SAID_UNASKED: (
            "Personen sa själv, utan fråga, att hen skrivit och kan prata"
        ),
        Outcome.NOT_NOW: "”Inte nu”-ordet kom",
        Outcome.NO_ANSWER: "Ingen svarade",
        Outcome.NO_WORD: "Någon svarade, men ordet kom inte",
        Outcome.ANOTHER_ANSWERED: "Någon annan svarade",
        Outcome.WRONG_NUMBER: "Fel nummer",
        Outcome.SAID_STOP: "Någon sa stopp",
        Outcome.CANCELLED: "Ordet kom, och personen vill inte bli uppringd",
        Outcome.LINE_FAULT: "Fel på linjen hos oss",
    },
    Delivery: {
        Delivery.WAITING: "väntar på sin tid",
        Delivery.SENDING: "skickas",
        Delivery.UNKNOWN: "vet inte om det kom fram; skickas aldrig en gång till",
        Delivery.SENT: "skickat",
        Delivery.DELIVERED: "framme",
        Delivery.FAILED: "kom inte fram",
        Delivery.EXPIRED: "hann inte fram i tid",
        Delivery.CANCELLED: "stoppat innan det gick iväg",
    },
}

_DESK: dict[type[StrEnum], Words] = {
    danger.Recipient: {
        danger.Recipient.EMERGENCY: "Larmnumret 112",
        danger.Recipient.POLICE: "Polisen",
        danger.Recipient.HEALTH: "Vården",
    },
    danger.Law: {
        danger.Law.CONSENT: "Personen har sagt ja (OSL 10 kap. 1 §, 12 kap. 2 §)",
        danger.Law.PREVENT: (
            "Förebygga allvarligt våld mot en närstående, bara till polisen "
            "(OSL 10 kap. 18 c §)"
        ),
        danger.Law.CHILD_CRIME: "Misstänkt brott mot ett barn (OSL 10 kap. 21 §)",
        danger.Law.CRIME: (
            "Misstänkt brott som ger minst ett års fängelse (OSL 10 kap. 23 §)"
        ),
        danger.Law.NECESSITY: "Nöd: fara för liv eller hälsa (BrB 24 kap. 4 §)",
        danger.Law.SECRECY: "Sekretessen hindrar (OSL 26 kap. 1 §)",
        danger.Law.OTHER: "Annan grund, den står i skälet",
    },
    AlertWhen: {
        AlertWhen.ALWAYS: "Alla tider",
        AlertWhen.OPEN: "När enheten har öppet",
        AlertWhen.CLOSED: "När enheten har stängt",
    },
    Pile: {
        Pile.UNREAD: "Olästa",
        Pile.MINE: "Mina",
        Pile.CALLABLE: "Kan ringas nu",
        Pile.LATE: "Sena eller missade av oss",
        Pile.DECISION: "Väntar på beslut",
        Pile.COMING: "Kommande samtal",
        Pile.ONGOING: "Pågår",
        Pile.TAKEN_BACK: "Återtagna",
        Pile.ASIDE: "Undanlagda",
    },
    Beside: {
        Beside.CHILDREN: "Barn: beslut saknas",
        Beside.NIGHT: "Från jouren",
        Beside.ASSESSMENTS: "Nästa bedömning är försenad",
    },
    EventKind: {
        EventKind.ARRIVED: "Kom in",
        EventKind.JOINED: "Mer kom till",
        EventKind.UNITED: "Fördes ihop med ett annat ärende",
        EventKind.PARTED: "Skildes från ett annat ärende",
        EventKind.READ: "Första läsning",
        EventKind.OPENED: "Öppnades",
        EventKind.CLAIMED: "Togs",
        EventKind.RELEASED: "Lämnades tillbaka",
        EventKind.URGENCY: "Brådska ändrades",
        EventKind.DANGER: "Märktes med fara för liv, chefen larmades",
        EventKind.DISCLOSURE: "Beslut om att lämna ut uppgifter",
        EventKind.POSITION: "Roll och märkning sattes",
        EventKind.MARK: "Märktes och flyttades",
        EventKind.SIDE: "Sidan rättades",
        EventKind.WORDS: "Nya ord avtalades",
        EventKind.SAFE_CONTACT: "Säker kontakt: nytt sagt i samtalet",
        EventKind.CALL_STARTED: "Samtal påbörjades",
        EventKind.OUTCOME: "Samtalets utfall",
        EventKind.ANSWERED: "Svar skrevs",
        EventKind.ANSWER_OPENED: "Svaret öppnades",
        EventKind.TEXTED: "Sms lades i kö",
        EventKind.TEXT_STATUS: "Sms:et",
        EventKind.TEXT_SETTLED: "Sms som inte gick fram togs om hand",
        EventKind.WINDOWS: "Tider att ringa ändrades",
        EventKind.NUMBER: "Nytt telefonnummer",
        EventKind.MISSED: "Missad tid: vi ringde inte",
        EventKind.MISSED_SEEN: "Chefen tog del av en missad tid",
        EventKind.CANCELLED: "Samtal avbokades",
        EventKind.STOP: "Någon sa stopp",
        EventKind.HEARD: "Ett sms verkar säga",
        EventKind.TIME_CLEAR: "Ett sms rings på tiden som det nämner",
        EventKind.NIGHT_CALL: "Ett samtal öppnades på natten, skäl antecknat",
        EventKind.TAKEN_BACK: "Återtogs",
        EventKind.DOOR: "Ett nummer till svaret stängdes",
        EventKind.ASKED: "Fråga om våld antecknades",
        EventKind.VOICE_RECEIPT: "Ett nummer till svaret gavs med rösten",
        EventKind.GUIDE: "Samtalsguiden skrevs i",
        EventKind.ASSESSED: "Bedömning antecknades",
        EventKind.GUIDED: "Hänvisades vidare",
        EventKind.CONSENT: "Samtycke till samordning",
        EventKind.PLAN: "Samordning påbörjades",
        EventKind.CHILD: "Beslut för ett barn",
        EventKind.HANDED_OVER: "Lämnades över",
        EventKind.TO_ON_CALL: "Lämnades också till jouren",
        EventKind.FROM_ON_CALL: "Jouren lämnade tillbaka",
        EventKind.DECIDED: "Beslut efter stopp",
        EventKind.CLOSED: "Avslutades",
        EventKind.TWO_PERSON: "Öppnas av två",
        EventKind.CONSULTED: "Lästes i samråd",
        EventKind.CHECKED: "En öppning granskades",
        EventKind.ASIDE: "Undanlagt eller tillbakalagt",
    },
}

TABLE: Mapping[type[StrEnum], Words] = _WHO | _WHAT | _CALLS | _DESK | FOUND


def label(key: StrEnum) -> str:
    """Return the Swedish words of a key. Raises KeyError for one without any."""
    return TABLE[type(key)][key]


def label_of(kind: type[StrEnum], value: str) -> str:
    """Return the words of a key that was stored as text."""
    return label(kind(value))


def options(kind: type[StrEnum]) -> dict[str, str]:
    """Return value and words of every key of a kind, for a form's choices."""
    return {key.value: words for key, words in TABLE[kind].items()}
