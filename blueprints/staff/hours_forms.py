"""The form of a unit's hours: what a head writes, read as a plan."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Self, TypeVar

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from blueprints.staff.forms import TicksField
from blueprints.staff.hours_words import DAYS, WEEKS, day_words, spans_words
from intake.hours import Span
from intake.schedule import Hours, Plan, Special, Standing
from intake.units import Unit, UnitKind
from web.forms import StaffForm, choices_of

T = TypeVar("T")

# As people write hours: 8–12, 8.30-16, 08:00-24:00.
_SPAN = re.compile(r"(\d\d?)(?:[.:](\d\d))?\s*[-–—]\s*(\d\d?)(?:[.:](\d\d))?")
_BETWEEN = re.compile(r"\s*(?:,|;|\boch\b)\s*")
_LONGEST_RUN = 60  # days that one reason may close or change at once
_MINUTES = (30, 45, 60, 90, 120, 180, 240)
CLOSED, OTHER, NO_CALLS = "closed", "other", "no-calls"
_CHANGES = {
    CLOSED: "Stängt",
    OTHER: "Andra öppettider",
    NO_CALLS: "Öppet, men inga utlovade samtal",
}
_UNREAD = "Skriv tider så här: 08:00–12:00, 13:00–16:30. Lämna tomt för stängt."


class HoursField(StringField):
    """The hours of a day in words; `spans` is what they say."""

    spans: tuple[Span, ...] = ()

    def pre_validate(self, form: object) -> None:
        """Read the hours. Raises ValidationError for what is none."""
        self.spans = _read(self.data or "")


class PlanForm(StaffForm):
    """All of a unit's hours. Its fields for the week are added below."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    red_days = HoursField("Röda dagar och aftnar")
    slot_minutes = SelectField("Hur länge varar en tid?", coerce=int)
    slot_capacity = IntegerField(
        "Hur många kan välja samma tid?",
        [InputRequired("Skriv ett antal."), NumberRange(1, 50, "Skriv 1 till 50.")],
    )
    drop = TicksField("Ta bort avvikande dagar")
    from_day = DateField("Från och med", [Optional()])
    to_day = DateField("Till och med", [Optional()])
    change = RadioField("Vad gäller?", choices=choices_of(_CHANGES), default=CLOSED)
    day_hours = HoursField("Öppet då")
    reason = StringField(
        "Skäl",
        [Length(max=200, message="Högst 200 tecken.")],
        description="Syns bara för chefer. Skriv inget om en enskild person.",
    )

    unit: Unit
    plan: Plan

    def offer(self, unit: Unit, plan: Plan) -> Self:
        """Say whose hours they are, and which days there are to drop."""
        self.unit, self.plan = unit, plan
        sizes = sorted({*_MINUTES, plan.slot_minutes})
        self.slot_minutes.choices = [(size, f"{size} minuter") for size in sizes]
        days = sorted({*plan.specials, *plan.no_calls})
        told = {day.isoformat(): day_words(plan, day) for day in days}
        self.drop.choices = choices_of(told)
        return self

    @classmethod
    def of(cls, unit: Unit, standing: Standing) -> Self:
        """Return the form as the plan that holds fills it in."""
        plan = standing.plan
        filled: dict[str, object] = {
            _name(hours, n): spans_words(week.get(n, ()))
            for hours, week in plan.weeks.items()
            for n in range(7)
        }
        filled |= {
            "seen": standing.number,
            "red_days": spans_words(plan.red_days),
            "slot_minutes": plan.slot_minutes,
            "slot_capacity": plan.slot_capacity,
        }
        return cls(MultiDict(), data=filled).offer(unit, plan)

    def base_on(self, number: int) -> None:
        """Take another edit for the one that was seen: what changes is shown now."""
        # What was sent is printed before the data, and would stay.
        self.seen.data, self.seen.raw_data = number, None

    def by_day(self) -> Iterator[tuple[str, list[Field]]]:
        """Yield the name of each weekday and its fields, one for each kind of hours."""
        for n, name in enumerate(DAYS):
            yield name, [self[_name(hours, n)] for hours in Hours]

    def planned(self) -> Plan:
        """Return the plan that was written; days that are over are left out."""
        gone = {date.fromisoformat(day) for day in self.drop.data or ()}
        plan = replace(
            self.plan,
            weeks={
                hours: {n: one.spans for n, one in enumerate(self._week(hours))}
                for hours in Hours
            },
            red_days=self.red_days.spans,
            specials=_without(self.plan.specials, gone),
            no_calls=_without(self.plan.no_calls, gone),
            slot_minutes=self.slot_minutes.data,
            slot_capacity=self.slot_capacity.data or 1,
        )
        return self._with_days(plan)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Say whether it keeps every rule, also those of several fields together."""
        fine = super().validate(extra_validators)
        for field, fault in self._faults():
            if not field.errors:
                field.errors = [*field.errors, fault]
                fine = False
        return fine

    def _with_days(self, plan: Plan) -> Plan:
        reason = self.reason.data or ""
        if self.change.data == NO_CALLS:
            more = dict.fromkeys(self._run(), reason)
            return replace(plan, no_calls={**plan.no_calls, **more})
        hours = self.day_hours.spans if self.change.data == OTHER else ()
        run = dict.fromkeys(self._run(), Special(hours, reason))
        return replace(plan, specials={**plan.specials, **run})

    def _run(self) -> list[date]:
        """Return the days that the new exception is about."""
        first = self.from_day.data
        if first is None:
            return []
        last = self.to_day.data or first
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def _faults(self) -> Iterator[tuple[Field, str]]:
        week, visits = self._week(Hours.OPEN), self._week(Hours.VISITS)
        if not any(one.spans for one in week):
            yield week[0], "Enheten måste ha öppet någon dag i veckan."
        if self.unit.address and not any(one.spans for one in visits):
            yield visits[0], "Adressen står på sidan. Skriv när man kan komma dit."
        counted = [*week, *self._week(Hours.CALLS), self.red_days, self.day_hours]
        if self.unit.kind is not UnitKind.ON_CALL:
            for field in counted:
                if _over_midnight(field.spans):
                    yield field, "Stängningen är före öppningen."
        yield from self._day_faults()

    def _week(self, hours: Hours) -> list[HoursField]:
        fields = (self[_name(hours, n)] for n in range(7))
        return [one for one in fields if isinstance(one, HoursField)]

    def _day_faults(self) -> Iterator[tuple[Field, str]]:
        first, last = self.from_day.data, self.to_day.data
        if first is None:
            if self.reason.data or last or self.day_hours.data:
                yield self.from_day, "Skriv vilken dag det gäller."
            return
        if last and not timedelta() <= last - first <= timedelta(days=_LONGEST_RUN):
            yield (
                self.to_day,
                f"Skriv en dag efter den första, högst {_LONGEST_RUN} dagar.",
            )
        if self.change.data == OTHER and not self.day_hours.spans:
            yield self.day_hours, "Skriv de andra öppettiderna, eller välj ”Stängt”."
        if not self.reason.data:
            yield self.reason, "Skriv ett skäl, så att kollegorna förstår."


def _name(hours: Hours, day: int) -> str:
    return f"{hours.value}_{day}"


for _hours in Hours:
    for _day, _called in enumerate(DAYS):
        _field = HoursField(f"{WEEKS[_hours]} {_called.lower()}")
        setattr(PlanForm, _name(_hours, _day), _field)


def _read(text: str) -> tuple[Span, ...]:
    """Read a day's hours. Raises ValidationError."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if [part.lower() for part in parts] == ["stängt"]:
        return ()
    return tuple(sorted((_span(part) for part in parts), key=lambda one: one.opens))


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValidationError(_UNREAD)
    opens, opens_at, closes, closes_at = (int(part or 0) for part in found.groups())
    if (closes, closes_at) == (24, 0):
        closes = 0
    try:
        return Span(time(opens, opens_at), time(closes, closes_at))
    except ValueError:
        raise ValidationError(_UNREAD) from None


def _over_midnight(spans: tuple[Span, ...]) -> bool:
    return any(one.closes <= one.opens and one.closes != time() for one in spans)


def _without(days: Mapping[date, T], gone: set[date]) -> dict[date, T]:
    return {day: what for day, what in days.items() if day not in gone}
