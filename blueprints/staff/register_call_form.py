"""The form of what came by phone, visit or on-call, with how contact is safe."""

from dataclasses import replace

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from blueprints.staff.aftercall_forms import DeskWindowsField
from blueprints.staff.forms import fits
from blueprints.staff.register_forms import EntryForm
from blueprints.staff.typed_numbers import called, check_number
from intake.receipts import plain_word
from intake.submissions import CallWish, Submission
from intake.topics import Channel, Opening, Phone, ShownNumber, Voice, Wish
from web.desk import language_name
from web.forms import choices_of
from web.labels import label, options
from web.locks import lock
from web.questions import OTHER_LANGUAGE, SPOKEN

_CAME = (Channel.PHONE, Channel.VISIT, Channel.ON_CALL)
_HERS = (Phone.OWN, Phone.OTHER_KNOWS)
_short = Length(max=200, message="Högst 200 tecken.")
_word = Length(max=60, message="Högst 60 tecken.")
_SPOKEN = {code: language_name(code) for code in SPOKEN} | {
    OTHER_LANGUAGE: "annat språk"
}


class RegisterForm(EntryForm):
    """The facts that the doors ask for. Every default is the careful answer."""

    form_name = "register"

    channel = RadioField(
        "Hur kom det?", choices=choices_of({one.value: label(one) for one in _CAME})
    )
    language = SelectField("Språk", choices=choices_of(_SPOKEN), default="sv")
    interpreter = BooleanField("Vill ha tolk, på telefon")
    interpreter_note = StringField("Tolkens språk och kön", [Optional(), _short])
    for_other = BooleanField("Den som hörde av sig gör det åt någon annan")
    wish = RadioField(
        "Vad vill personen?", choices=choices_of(options(Wish)), default=Wish.ANSWER
    )
    number = StringField("Telefonnummer", [Optional(), _short])
    phone = SelectField(
        "Vems telefon är det?",
        choices=choices_of(
            {"": "Inte sagt"}
            | {one.value: label(one) for one in Phone if one is not Phone.UNSAID}
        ),
        default="",
    )
    country = StringField("Vilket land är personen i?", [_short])
    windows = DeskWindowsField(
        "Tider då det är säkert att ringa", choices=[], validate_choice=False
    )
    none_safe = BooleanField("Ingen tid är säker. Ring inte")
    alias = StringField("Vill kallas", [Optional(), _short])
    word = StringField("Ordet för ”jag kan prata fritt”", [Optional(), _word])
    not_now_word = StringField("Ordet för ”inte nu”", [Optional(), _word])
    opening = SelectField(
        "Öppningsrad, och ordval i sms",
        choices=choices_of(options(Opening)),
        default=Opening.WRONG_PERSON.value,
    )
    voice = SelectField(
        "Vems röst är säker?", choices=choices_of(options(Voice)), default=Voice.ANY
    )
    shown = SelectField(
        "Vad får telefonen visa?",
        choices=choices_of(options(ShownNumber)),
        default=ShownNumber.HIDDEN,
    )
    voicemail = BooleanField("Röstmeddelande får lämnas")
    texts = BooleanField("Sms får skickas")
    note = TextAreaField("Råd om säker kontakt", [Optional(), fits])
    gives_number = BooleanField("Ge personen ett nummer till svaret, med rösten")

    def submission(self) -> Submission:
        """Return what was told, in the domain's words."""
        return replace(
            super().submission(),
            channel=Channel(self.channel.data),
            language=self.language.data,
            interpreter=bool(self.interpreter.data or self.interpreter_note.data),
            interpreter_note=self.interpreter_note.data or "",
            for_other=bool(self.for_other.data),
            wish=Wish(self.wish.data),
            call=self._call(),
        )

    def validate_number(self, field: StringField) -> None:
        """Take any number of any country but what must not be rung."""
        check_number(field.data or "")

    def validate_phone(self, field: SelectField) -> None:
        """Ask whose it is: a call there may be answered by another (S19, S27)."""
        if self.number.data and not field.data:
            raise ValidationError("Ange vems telefon numret går till.")

    def validate_country(self, field: StringField) -> None:
        """Ask where she is, since every time here is Swedish (S9)."""
        number = called(self.number.data)
        if number and number.is_foreign and not field.data:
            raise ValidationError("Numret är utländskt. Skriv vilket land.")

    def validate_windows(self, field: DeskWindowsField) -> None:
        """Take dated times still to come, or the word that none is safe (S9)."""
        if field.has_others():
            raise ValidationError("En vald tid är över eller upptagen. Välj igen.")
        if field.data and self.none_safe.data:
            raise ValidationError("Välj tider, eller att ingen är säker.")
        if field.data and not self.number.data:
            raise ValidationError("Tiderna behöver ett nummer att ringa.")
        if self.number.data and not (field.data or self.none_safe.data):
            raise ValidationError("Välj tider, eller att ingen tid är säker.")

    def validate_not_now_word(self, field: StringField) -> None:
        """Refuse one word for two meanings, and a second one without a first."""
        if field.data and plain_word(field.data) == plain_word(self.word.data or ""):
            raise ValidationError(lock("same-words"))

    def _call(self) -> CallWish:
        phone = Phone(self.phone.data or Phone.UNSAID)
        # S27: where another may hold it, no yes counts.
        return CallWish(
            number=called(self.number.data),
            slots=() if self.none_safe.data else self.windows.chosen(),
            alias=self.alias.data or "",
            word=self.word.data or "",
            not_now_word=self.not_now_word.data or "",
            note=self.note.data or "",
            country=self.country.data or "",
            opening=Opening(self.opening.data),
            voice=Voice(self.voice.data),
            shown=ShownNumber(self.shown.data),
            phone=phone,
            voicemail=phone in _HERS and bool(self.voicemail.data),
            texts=phone in _HERS and bool(self.texts.data),
        )
