"""What was just done at the desk, said once on the page that follows.

In between the cookie keeps keys alone: which view it was, the request's reference and
a unit, never a word of what was written.
"""

from collections.abc import Mapping

from flask import Flask, Response, g, request, session

from web.wiring import wired

KEY = "done"

# Every view that writes and leads on. A test walks the views, so that none is missed.
WORDS: Mapping[str, str] = {
    "staff.read": "Första läsningen är antecknad.",
    "staff.claim": "Du har nu ärendet.",
    "staff.release": "Ärendet {reference} är lämnat tillbaka.",
    "staff.put_back": "Ärendet ligger i kön igen.",
    "staff.take_over": "Du har tagit över samtalet. Anteckna utfallet.",
    "staff.danger": "Ärendet är märkt med fara för liv, och chefen larmas nu.",
    "staff.disclosure": "Beslutet om att lämna ut uppgifter är antecknat.",
    "staff.position": "Roll och märkning är sparade.",
    "staff.side": "Ärendet {reference} är flyttat till den andra sidan.",
    "staff.mark": "Ärendet {reference} är märkt och flyttat.",
    "staff.unite": "Ärendena är sammanförda. Det senare står på det förstas sida.",
    "staff.part": "Ärendena står var för sig igen.",
    "staff.note": "Anteckningen är sparad.",
    "staff.asked": "Svaret på frågan om våld är antecknat.",
    "staff.assessed": "Bedömningen är antecknad.",
    "staff.guide": "Samtalsguiden är sparad.",
    "staff.of_who_uses": "Svaren om den som använder våld är sparade.",
    "staff.guided": "Det är antecknat vart personen har hänvisats.",
    "staff.consent": "Samtycket är antecknat.",
    "staff.plan": "Det som hände med samordningen är antecknat.",
    "staff.close": "Ärendet {reference} är avslutat.",
    "staff.call": "Samtalet är påbörjat. Numret står här under.",
    "staff.text_time": "Tiden i sms:et gäller nu. Den står under Säker kontakt.",
    "staff.night_call": "Samtalet är öppet i en timme, och skälet är förseglat.",
    "staff.bridged": "Din telefon rings upp nu. Siffrorna står här under.",
    "staff.outcome": "Utfallet är antecknat.",
    "staff.words": "De nya orden är sparade.",
    "staff.after_call": "Det som sades i samtalet är sparat.",
    "staff.answer": "Svaret är sparat. Personen kan läsa det med sitt nummer.",
    "staff.text": "Sms:et ligger i kö. Hur det går står bland texterna.",
    "staff.text_settled": "Sms:et i ärendet {reference} är omhändertaget.",
    "staff.stop_texts": "Alla sms är stoppade.",
    "staff.let_texts_go": "Sms går ut igen.",
    "staff.child": "Beslutet för barnet är antecknat.",
    "staff.to_on_call": "Jouren kan också öppna ärendet {reference} nu.",
    "staff.to_day": "Ärendet {reference} är lämnat tillbaka till dagen.",
    "staff.hand_over": "Ärendet {reference} är överlämnat till {unit}.",
    "staff.register": "Ärendet är registrerat.",
    "staff.concern": "Orosanmälan är registrerad.",
    "staff.registered_elsewhere": (
        "Registrerat. Det gick till en kö som du inte kan öppna."
    ),
    "staff.voice": "Det nya numret gäller i 48 timmar. De gamla är stängda.",
    "staff.given_done": "Numret visas inte igen.",
    "staff.decide": "Beslutet är antecknat.",
    "staff.on_call_add": "Namnet står sist på jourlistan.",
    "staff.on_call_remove": "Namnet är borttaget från jourlistan.",
    "staff.on_call_up": "Ordningen är ändrad.",
    "staff.came_in_by_recovery_code": (
        "Du loggade in med en reservkod. Den gäller inte igen. Hur många du har kvar "
        "står under Min inloggning."
    ),
    "staff.outside_bind": "Kommunens inloggning är kopplad till dig.",
    "staff.outside_unbind": "Kommunens inloggning är bortkopplad.",
    "staff.add_passkey": "Passnyckeln är sparad.",
    "staff.remove_passkey": "Passnyckeln är borttagen.",
    "staff.approve": "Kollegan är insläppt.",
    "staff.leave": "Kollegan är utloggad, och har ingen nyckel och inga ärenden kvar.",
    "staff.end_place": "Platsen är avslutad.",
    "staff.turn_key": "Kön har en ny nyckel. Fortsätt bytet för det som redan låg där.",
    "staff.go_on_turning": "Ännu en del är bytt.",
    "staff.call_test": "Testet är antecknat. Samtal är på.",
    "staff.call_test_off": "Samtal och sms är avstängda.",
    "staff.text_test": "Testet är antecknat.",
    "staff.text_test_off": "Sms är avstängda.",
    "staff.bridge_trial": "Din telefon rings upp nu. Siffrorna står här under.",
    "staff.bridge_test": "Testet är antecknat. Uppkopplade samtal är på.",
    "staff.bridge_test_off": "Uppkopplade samtal är avstängda.",
    "staff.consult": "Skälet till samrådet står i loggen.",
    "staff.end_consulting": "Ärendet är stängt.",
    "staff.note_missed": "Det är noterat.",
    "staff.ask_two": "Du har bett om det.",
    "staff.break_glass": "Ärendet är öppnat. Chefen får veta det.",
    "staff.approve_two": "Kollegan kan nu öppna ärendet.",
    "staff.review_glass": "Granskningen är antecknad.",
    "staff.end_session": "Den inloggningen är avslutad.",
    "staff.end_other_sessions": "Alla dina andra inloggningar är avslutade.",
    "staff.key_person": "Nyckelpersonen är sparad.",
    "staff.change_role": "Rollen är ändrad och gäller från nu.",
    "staff.add_place": "Platsen väntar på att en kollega där släpper in personen.",
    "staff.takes_children": "Det är sparat.",
    "staff.draw_check": "Urvalet är draget.",
    "staff.sign_check": "Granskningen är signerad.",
    "staff.save_hours": "Tiderna är sparade och gäller från och med nu.",
    "staff.no_calls": "Inga fler samtal utlovas i dag.",
    "staff.calls_again": "Samtal utlovas i dag igen.",
}


def init(app: Flask) -> None:
    """Keep what each writing view did until the next page has said it."""
    app.after_request(_keep)
    app.context_processor(lambda: {"just_done": just_done})


def just_done() -> str:
    """Return what was done, in words, and forget it; nothing if nothing was."""
    kept = session.pop(KEY, None)
    if not kept:
        return ""
    view, reference, unit = kept
    return WORDS[view].format(reference=reference, unit=unit and _unit_name(unit))


def say(view: str) -> None:
    """Say what another view says: that is what was done."""
    setattr(g, KEY, view)


def _keep(response: Response) -> Response:
    # A 303 is how a view says that it took what was sent.
    if request.method == "POST" and response.status_code == 303:
        # A view may have come to what another one says.
        view, named = g.get(KEY) or request.endpoint or "", request.view_args or {}
        if view in WORDS:
            unit = request.form.get("unit", "")
            known = unit if unit in wired().office.units else ""
            session[KEY] = (view, named.get("reference", ""), known)
    return response


def _unit_name(key: str) -> str:
    return wired().office.units[key].name("sv")
