"""The form that asks for a call or a meeting."""

from collections.abc import Mapping
from dataclasses import replace

from wtforms import BooleanField, RadioField, StringField, ValidationError
from wtforms.validators import Length

from blueprints.callback.forms import CallForm, same_word, text_box
from intake.submissions import CallWish, Submission
from intake.topics import Audience, Channel, Opening, Phone, ShownNumber, Voice, Wish
from web.forms import choices_of
from web.i18n import _, current_language, lazy
from web.questions import TOO_LONG, VOICES, Questions
from web.wiring import wired

_SHORT = [Length(max=200, message=TOO_LONG)]
KINDS: Mapping[str, str] = {
    Opening.WRONG_PERSON: lazy("Something that sounds like a wrong number"),
    Opening.SURVEY: lazy("A survey"),
    Opening.DELIVERY: lazy("A delivery"),
    Opening.CLUB: lazy("A club or training"),
}


class AskForm(CallForm, Questions):
    """Ask to be called, or to meet. Every default is the careful answer."""

    form_name = "ask"
    channel = Channel.CALLBACK

    wish = RadioField(
        lazy("What do you want?"),
        choices=choices_of(
            {
                Wish.CALL: lazy("That you call me"),
                Wish.MEETING: lazy("To meet someone"),
            }
        ),
        default=Wish.CALL.value,
    )
    alias = StringField(lazy("A name to ask for"), _SHORT)
    opening = RadioField(
        lazy("What may a call sound like at first?"),
        choices=choices_of(KINDS),
        default=Opening.WRONG_PERSON.value,
    )
    voice = RadioField(
        lazy("Whose voice is safe on the phone?"),
        choices=choices_of(VOICES),
        default=Voice.ANY.value,
    )
    # No password fields: browsers offer to keep what is typed into those.
    word = StringField(lazy("Word that means: I can talk freely"), _SHORT)
    not_now_word = StringField(lazy("Word that means: not now"), _SHORT, name="q9")
    # Upper limits both: they stay off until a call has confirmed the number (S11).
    voicemail = BooleanField(lazy("You may leave a voice message"))
    texts = BooleanField(lazy("You may send text messages"))
    shown = RadioField(
        lazy("What may your phone show when we call?"),
        choices=choices_of(
            {
                ShownNumber.HIDDEN: lazy("A hidden number"),
                ShownNumber.SHOWN: lazy("A number that is in no directory"),
            }
        ),
        default=ShownNumber.HIDDEN.value,
    )
    note = text_box()

    def needs_number(self) -> bool:
        """Say whether the number may not be left out; to meet, an answer here does."""
        return super().needs_number() and self.wish.data != Wish.MEETING

    def validate_not_now_word(self, field: StringField) -> None:
        """Refuse one word for two meanings."""
        if same_word(field.data, self.word.data):
            raise ValidationError(_("Choose two different words."))

    def spoken(self) -> dict[str, str]:
        """Return the line that is really said, for each kind of opening (S18)."""
        locale, texts = current_language().locale, wired().office.texts
        said = {kind: texts.opening_line(kind, locale) for kind in Opening}
        return {kind: _("“%(line)s”", line=line) for kind, line in said.items()}

    def facts(self, audience: Audience) -> Submission:
        """Return what routing needs to know, before any rule has looked at the form."""
        return Submission(
            language=current_language().code,
            audience=audience,
            under_18=bool(self.under_18.data),
            avoid=self.avoids_someone(),
            elsewhere=bool(self.elsewhere.data),
        )

    def submission(self, audience: Audience) -> Submission:
        """Return the answers in the domain's words."""
        said = super().submission(audience)
        return replace(said, wish=Wish(self.wish.data), call=self._call())

    def _call(self) -> CallWish:
        # S27: on a phone that is not her own nothing may be left or sent.
        own = self.phone.data in (Phone.OWN, Phone.OTHER_KNOWS)
        return CallWish(
            number=self.called(),
            slots=() if self.none_safe.data else self.windows.chosen(),
            alias=self.alias.data or "",
            word=self.word.data or "",
            not_now_word=self.not_now_word.data or "",
            note=self.note.data or "",
            country=self.country.data or "",
            opening=Opening(self.opening.data),
            voice=Voice(self.voice.data),
            shown=ShownNumber(self.shown.data),
            phone=Phone(self.phone.data or Phone.UNSAID),
            voicemail=own and bool(self.voicemail.data),
            texts=own and bool(self.texts.data),
        )
