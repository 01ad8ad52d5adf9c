"""Why something can't be done now, in Swedish, as staff read it."""

from collections.abc import Mapping

# NotAllowed's reasons, and what locks a button.
LOCKS: Mapping[str, str] = {
    "not-held": "Du har inte ärendet. Ta det först.",
    "call-without-outcome": "Ett samtal är påbörjat och utfallet är inte antecknat.",
    "awaiting-decision": "Ärendet väntar på ett beslut.",
    "contact": "Personen får inte kontaktas. Skälet står under Säker kontakt.",
    "not-her-phone": "Telefonen är inte säkert personens egen. Ingen kontakt där.",
    "no-window": (
        "Ingen av tiderna som personen valt är öppen nu. De sista 15 minuterna av en "
        "tid påbörjas inga samtal, och varje tid rings högst en gång."
    ),
    "no-clear-time": (
        "Det finns ingen tid i ett sms att ringa på nu. Något kan ha hänt sedan du "
        "öppnade sidan."
    ),
    "not-a-night-text": (
        "Inget sms väntar på dagen. Det kan redan ha ringts eller öppnats, be om en "
        "annan tid, eller så har du inte jour nu."
    ),
    "number-not-ready": (
        "Numret är inte kontrollerat än. Det sker av sig själv, oftast inom en minut."
    ),
    "number-not-confirmed": (
        "Numret är inte bekräftat i ett samtal än. Till dess skickas inga sms och "
        "lämnas inga röstmeddelanden, vad personen än har kryssat för."
    ),
    "number-stopped": "Stopp. Fråga chefen.",
    "no-number": "Det finns inget nummer att ringa.",
    "calls-untested": (
        "Chefen har inte antecknat ett test av vad som syns och hörs när enheten "
        "ringer. Till dess är samtal och sms avstängda."
    ),
    "texts-untested": (
        "Chefen har inte antecknat ett test av sms med den avsändare som de går ut "
        "från. Till dess är sms avstängda."
    ),
    "bridge-off": "Uppkopplade samtal är inte påkopplade.",
    "bridge-untested": (
        "Chefen har inte antecknat ett test av uppkopplade samtal med det nummer som "
        "de går ut från."
    ),
    "bridge-untried": (
        "Inget prov har ringt fram med det här numret. Ring upp två egna telefoner "
        "först."
    ),
    "bridge-hidden": (
        "Ett uppkopplat samtal visar ett nummer. Personen har valt att det ska döljas, "
        "eller så har någon med numret till svaret ändrat valet. Ring från din telefon."
    ),
    "bridge-same-phone": "Det är personens eget nummer. Skriv numret till din telefon.",
    "never-rung": (
        "Personen har inte ringts upp. Anteckna ”Fel på linjen hos oss”, så går tiden "
        "att ringa igen medan den är öppen."
    ),
    "texts-not-agreed": "Personen har inte sagt ja till sms.",
    "texts-stopped": "Alla sms är stoppade just nu. Sidan Sms säger sedan när.",
    "texts-impossible": (
        "Numret kan inte ta emot sms från oss. Ring i stället, i personens tid."
    ),
    "no-text": "Inga av texterna passar just nu.",
    "closed": "Ärendet är avslutat eller återtaget.",
    "set-aside": "Ärendet ligger bland de undanlagda. Lägg tillbaka det först.",
    "joined-contact": (
        "I ett ärende som hör ihop med det här får personen inte kontaktas. Det gäller "
        "här också."
    ),
    "joined-calling": (
        "Ett samtal är påbörjat i ett ärende som hör ihop med det här, utan utfall."
    ),
    "joined-decision": "Ett ärende som hör ihop med det här väntar på ett beslut.",
    "joined-rung": (
        "Personen har redan ringts i den här tiden, i ett ärende som hör ihop med det "
        "här. Varje tid rings högst en gång."
    ),
    "joined-already": "Ett av ärendena är redan sammanfört. Skilj det först.",
    "joined-held": "En kollega har det andra ärendet. Be om det först.",
    "joined-two-first": (
        "Det andra ärendet öppnas av två. Be en kollega på dess egen sida först."
    ),
    "joined-unsaid": (
        "Ordet har inte kommit i våra samtal i båda ärendena. Utan det visar vart och "
        "ett nummer bara sina egna svar: välj att vi bedömer det."
    ),
    "not-joined": "Ärendet är inte sammanfört med något.",
    "same-request": "Det är samma ärende.",
    "not-one-desk": "Bara ärenden i samma kö kan föras ihop.",
    "not-one-person": (
        "Ärendena kommer från olika personer, eller från en som skriver för någon "
        "annan. De förs inte ihop: den ena kunde då läsa om den andra."
    ),
    "urgency-below-her-own": (
        "Det går inte att välja en lägre brådska än den personen själv har sagt."
    ),
    "urgency-below-danger": (
        "Ärendet är märkt med fara för liv. Det är akut tills beslutet om att lämna ut "
        "uppgifter är antecknat."
    ),
    "urgency-below-read": "Ärendet är redan läst, och bedömt som mer bråttom.",
    "taken-back": "Ärendet är återtaget. Ingen kontakt får tas upp igen.",
    "reason-missing": "Skriv ett skäl.",
    "newer-words": "Något nytt kom medan du läste. Läs det också.",
    "unread-words": "Något som kommit till är oläst. Gör första läsningen.",
    "child-undecided": (
        "Beslutet för barnet saknas: en orosanmälan, eller skälet till att ingen görs."
    ),
    "protection-missing": (
        "Skyddsbedömningen av barnet är inte antecknad. Den görs genast."
    ),
    "danger-undecided": (
        "Ärendet är märkt med fara för liv. Anteckna beslutet om att lämna ut "
        "uppgifter, innan ärendet avslutas eller lämnas över."
    ),
    "danger-marked": "Ärendet är redan märkt med fara för liv, och chefen är larmad.",
    "no-danger": "Ärendet är inte märkt med fara för liv.",
    "secrecy-forbids": "På den grunden lämnas inget ut. Välj en annan, eller nej.",
    "leaves-circle": "Skriv varför ärendet lämnar den slutna kretsen, och bekräfta.",
    "child-reported": (
        "En orosanmälan är redan gjord i det här ärendet. Gäller det ett annat barn: "
        "anteckna först svaret för det barnet."
    ),
    "guided-where": "Välj vart personen har hänvisats.",
    "not-for-who-uses": (
        "Dit hänvisas inte den som använder våld: där kan den utsatta finnas."
    ),
    "covers-nothing": "Skriv vilka som samordnar, och vad de får veta.",
    "consent-missing": (
        "Samtycke saknas. Utan ett antecknat samtycke får ingen samordning börja."
    ),
    "before-consent": "Samordningen kan inte ha börjat innan samtycket gavs.",
    "plan-begun": "Samordningen är redan påbörjad.",
    "conflict-unchecked": (
        "Svara på om jävskontrollen utanför systemet är gjord innan du avslutar."
    ),
    "nothing-to-decide": "Det finns inget att besluta om i ärendet nu.",
    "not-to-be-lifted": (
        "Det stoppet kan inget beslut häva. Det släpper när personen själv lämnar ett "
        "nytt nummer eller nya tider."
    ),
    "head-only": "Bara en chef kan göra det.",
    "no-call": "Det finns inget påbörjat samtal att anteckna utfall för.",
    "call-may-go-on": (
        "Samtalet kan pågå än. En kvart efter att det började, eller efter att någon "
        "tog över det, kan en chef ta över det."
    ),
    "no-talk": (
        "Det här antecknas efter ett samtal där personen kunde prata, av den som "
        "ringde, innan ärendet lämnas eller tas av någon annan."
    ),
    "nothing-said": "Inget är ifyllt. Det som gällde förut står kvar.",
    "number-not-whole": (
        "Ett nytt nummer behöver också vems telefon det är, och vilka tider som är "
        "säkra där."
    ),
    "both-words-new": (
        "Orden kan vara kända av någon annan. Kom överens om två nya ord."
    ),
    "same-words": "Välj två olika ord.",
    "not-of-who-uses": ("Det frågas bara om den som använder våld. Sätt rollen först."),
    "next-not-after": "Nästa bedömning måste ligga efter den här.",
    "day-to-come": "Den dagen har inte varit än.",
    "coming-times": (
        "Personen väntar på att bli uppringd. Läs vilka tider som faller bort och "
        "bekräfta det."
    ),
    "same-unit": "Ärendet ligger redan där.",
    "same-side": "Ärendet ligger redan på den sidan.",
    "already-marked": "Ärendet är redan märkt så, och flyttat.",
    "names-another": (
        "Skriv ingen beteckning på ett annat ärende. Den ena sidan får aldrig leda "
        "till den andra."
    ),
    "avoid-unread": (
        "Någon som arbetar här får inte se ärendet. Läs vem, och bekräfta under Rätt "
        "sida, eller där du lämnar över eller anmäler, att ingen sådan kan öppna det "
        "dit det går."
    ),
    "not-to-on-call": "Jouren har ärendet redan, eller tar inte emot det härifrån.",
    "not-from-on-call": "Jouren har inte ärendet.",
    "avoid-on-call": (
        "Någon som arbetar här får inte se ärendet, och kan ha jour i natt. Det lämnas "
        "inte till jouren."
    ),
    "urgent-to-closed": (
        "Ett akut ärende lämnas inte till en enhet som har stängt. Ring dit först, "
        "eller lämna det till en som har öppet."
    ),
    "too-few": "Färre än två personer kan öppna ärenden där.",
    "word-first": (
        "Ett tappat nummer ersätts bara i ett samtal som vi ringde, efter ordet."
    ),
    "concern-no-number": (
        "En orosanmälan har inget telefonnummer till den som det gäller."
    ),
    "external-consent": (
        "Till en annan organisation lämnas ett ärende bara när personen har sagt ja."
    ),
    "not-kept-here": "Ärendet kan inte stanna där. Låt det gå dit reglerna leder.",
    "missed-seen": "Det är redan noterat.",
    "two-person-late": "Det är redan godkänt, eller för sent. Be på nytt.",
    "two-person-reviewed": "Det är redan granskat.",
    "check-drawn": "Urvalet är redan draget.",
    "check-signed": "Granskningen är redan signerad.",
    "check-anothers": "Den som drog urvalet granskar och signerar det.",
    "check-unmarked": "Markera varje rad innan du signerar.",
    "children-not-hers": (
        "Ett barns eget ärende tas av den som är utsedd att ta barns ärenden. Säg till "
        "en sådan kollega. Är det akut kan alla ta det."
    ),
    "access-not-yours": "Bara en chef eller en administratör sköter behörigheter.",
    "administrator-only": "Bara en administratör kan göra det.",
    "not-your-own": (
        "Din egen roll, dina platser och din länk ändrar du inte själv. Be en annan "
        "administratör, eller din chef."
    ),
    "role-not-yours": "Den rollen kan bara en administratör ge.",
    "role-without-place": "Den rollen har ingen plats vid någon kö.",
    "no-place": "Välj minst en kö.",
    "places-first": (
        "Avsluta först platserna vid köerna. Den rollen arbetar inte med ärenden."
    ),
    "link-used": "Länken är redan använd. En ny görs med ”Nollställ inloggningen”.",
    "has-place": "Personen har redan en plats där.",
    "desk-not-yours": "Den kön sköter du inte.",
    "unit-not-yours": "Den enheten sköter du inte.",
    "unit-not-hers": "Nyckelpersonen måste ha en plats vid enheten.",
    "circle-full": (
        "Den slutna kretsen är chefen och en ersättare, inga fler. Avsluta en av deras "
        "platser först."
    ),
    "no-open-door": "Personen har inget nummer att läsa svaret med.",
    "left-already": "Kollegan har redan slutat.",
    "key-turned": "Nyckeln har bytts sedan du öppnade sidan. Läs om den.",
    "paper-heads": "Ett nytt papper gör en chef som har köns nyckel.",
    "key-anothers": (
        "Den här nyckeln byter en chef vid kön, eller den som själv sitter där."
    ),
}


def lock(reason: str) -> str:
    """Return why something can't be done now. Raises KeyError for an unknown one."""
    return LOCKS[reason]
