"""The forms of what was said in a call: its words, and what holds until the next."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self, TypeVar

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from blueprints.staff.forms import DeskForm, SeenForm, fits, needed
from blueprints.staff.typed_numbers import called, check_number
from intake.aftercall import Said
from intake.hours import Slot
from intake.receipts import plain_word
from intake.replies import Preview
from intake.topics import Opening, Phone, ShownNumber, Voice, Wish
from web.desk import clock, day
from web.forms import choices_of
from web.labels import label, options
from web.locks import lock
from web.times import WindowsField

_Key = TypeVar("_Key", bound=StrEnum)
_YES = {"yes": True, "no": False}
_short = Length(max=200, message="Högst 200 tecken.")


class WordsForm(DeskForm):
    """Words agreed with her in a call (S10)."""

    word = StringField("Ordet för ”jag kan prata fritt”", [needed, Length(max=60)])
    not_now_word = StringField("Ordet för ”inte nu”", [Optional(), Length(max=60)])

    both_new = False

    def offer(self, both_new: bool) -> Self:
        """Say whether both words are needed, since another may know the old ones."""
        self.both_new = both_new
        if both_new:
            self.not_now_word.validators = [needed, Length(max=60)]
        return self

    def validate_not_now_word(self, field: StringField) -> None:
        """Refuse one word for two meanings."""
        word = plain_word(self.word.data or "")
        if field.data and plain_word(field.data) == word:
            raise ValidationError(lock("same-words"))


class DeskWindowsField(WindowsField):
    """Times to tick as the desk writes them, so that she can be led to quieter ones."""

    left: Mapping[Slot, int] = MappingProxyType({})  # the free places, where counted

    def offer_free(self, left: Mapping[Slot, int]) -> None:
        """Say which times have a free place, and how many each has."""
        self.left = left
        self.offer(left)

    def day_of(self, slot: Slot) -> str:
        """Return the weekday and date, in Swedish whatever the browser asks for."""
        return day(slot.starts_at)

    def hours_of(self, slot: Slot) -> str:
        """Return from when to when a time lasts, which is Swedish time (S9)."""
        hours = f"kl. {clock(slot.starts_at)}–{clock(slot.ends_at)}, svensk tid"
        return f"{hours}, {self.left[slot]} kvar" if slot in self.left else hours


def _as_before(question: str, words: Mapping[str, str]) -> SelectField:
    # Nothing is preset: what she was not asked stays as she said it before.
    choices = choices_of({"": "Som förut", **words})
    return SelectField(question, choices=choices, default="")


class AfterCallForm(SeenForm):
    """What she said in the call of how contact is safe next time (S9)."""

    wordings: Mapping[Opening, Preview]

    windows = DeskWindowsField(
        "Nya tider, i stället för dem som gällde", choices=[], validate_choice=False
    )
    none_safe = BooleanField("Ingen tid är säker. Ring inte")
    number = StringField("Nytt nummer", [Optional(), _short])
    phone = _as_before(
        "Vems telefon är det?",
        {one.value: label(one) for one in Phone if one is not Phone.UNSAID},
    )
    country = StringField("Vilket land är personen i?", [_short])
    voicemail = _as_before(
        "Får vi lämna röstmeddelande?", {"yes": "Ja", "no": "Nej, aldrig"}
    )
    texts = _as_before("Får vi skicka sms?", {"yes": "Ja", "no": "Nej, aldrig"})
    opening = _as_before("Öppningsrad, och ordval i sms", options(Opening))
    voice = _as_before("Vems röst är säker?", options(Voice))
    shown = _as_before("Vad får telefonen visa?", options(ShownNumber))
    interpreter = _as_before("Tolk?", {"yes": "Ja, på telefon", "no": "Nej"})
    interpreter_note = StringField("Tolkens språk och kön", [_short])
    wish = _as_before(
        "Vad vill personen?",
        {one.value: label(one) for one in (Wish.CALL, Wish.MEETING)},
    )
    text = TextAreaField("Råd om säker kontakt", [Optional(), fits])

    def said(self) -> Said:
        """Return what she said, in the domain's words."""
        return Said(
            slots=() if self.none_safe.data else self.windows.chosen(),
            none_safe=bool(self.none_safe.data),
            number=called(self.number.data),
            phone=_chosen(Phone, self.phone),
            country=self.country.data or "",
            voicemail=_YES.get(self.voicemail.data),
            texts=_YES.get(self.texts.data),
            opening=_chosen(Opening, self.opening),
            voice=_chosen(Voice, self.voice),
            shown=_chosen(ShownNumber, self.shown),
            note=self.text.data or "",
            interpreter=_YES.get(self.interpreter.data),
            interpreter_note=self.interpreter_note.data or "",
            wish=_chosen(Wish, self.wish),
        )

    def validate_windows(self, field: WindowsField) -> None:
        """Take times that are still to come, or the word that none is safe."""
        if field.has_others():
            raise ValidationError("En vald tid är över eller upptagen. Välj igen.")
        if field.data and self.none_safe.data:
            raise ValidationError("Välj tider, eller att ingen är säker.")
        if self.number.data and not (field.data or self.none_safe.data):
            raise ValidationError(
                "Välj tider för det nya numret också, eller att ingen tid är säker."
            )

    def validate_number(self, field: StringField) -> None:
        """Take any number of any country but what must not be rung."""
        check_number(field.data or "")

    def validate_phone(self, field: SelectField) -> None:
        """Ask whose a new number is: another may answer there (S19, S27)."""
        if self.number.data and not field.data:
            raise ValidationError("Ange vems telefon det nya numret går till.")

    def validate_country(self, field: StringField) -> None:
        """Ask where she is, since every time here is Swedish (S9)."""
        number = called(self.number.data)
        if number and number.is_foreign and not field.data:
            raise ValidationError("Numret är utländskt. Skriv vilket land.")


def _chosen(kind: type[_Key], field: SelectField) -> _Key | None:
    return kind(field.data) if field.data else None
