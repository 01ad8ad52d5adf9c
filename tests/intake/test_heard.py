"""What texts seem to mean: the words of every language, times as people type them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from intake.datafile import read
from intake.heard import FILE, SHORT, WEEK, Heard, Meaning, hear
from intake.hours import HOME_ZONE
from intake.languages import guess
from intake.sms.texts import kin
from intake.stop_words import TRANSLATIONS, stop_words
from web.languages import KNOWN

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten o'clock in Stockholm
FILES = sorted(path.parent.name for path in TRANSLATIONS.glob(f"*/{FILE}"))
SAID = [
    (locale, meaning, word)
    for locale in FILES
    for meaning in Meaning
    if meaning is not Meaning.TIME
    for word in read(TRANSLATIONS / locale / FILE, FILE).table("heard").texts(meaning)
]
DAYS = [
    (locale, key, word)
    for locale in FILES
    for key in ("today", "tomorrow", "after", *WEEK)
    for word in read(TRANSLATIONS / locale / FILE, FILE).table("days").texts(key)
]


def heard(text: str) -> Heard:
    """Return what a text means that comes on Monday at ten."""
    return hear(text, MONDAY)


def named(text: str) -> str:
    """Return the time that a text names, as `day hour:minute-hour:minute`."""
    slot = heard(text).slot
    if slot is None:
        return ""
    start, end = (t.astimezone(HOME_ZONE) for t in (slot.starts_at, slot.ends_at))
    return f"{start:%d %H:%M}-{end:%H:%M}"


def test_every_language_of_the_site_has_its_words() -> None:
    locales = {language.locale for language in KNOWN.values()}
    assert len(locales) == 18
    assert {kin(locale) for locale in locales} | set(FILES) == set(FILES)


@pytest.mark.parametrize(("locale", "meaning", "word"), SAID)
def test_each_word_is_heard_with_or_without_marks(
    locale: str, meaning: Meaning, word: str
) -> None:
    for typed in (word, f" {word.upper()}!! ", f"{word}."):
        assert meaning in heard(typed).meanings


@pytest.mark.parametrize(("locale", "key", "word"), DAYS)
def test_each_day_is_heard(locale: str, key: str, word: str) -> None:
    told = heard(word)
    assert Meaning.TIME in told.meanings
    ahead = {"today": 0, "tomorrow": 1, "after": 2}
    days = ahead.get(key, WEEK.index(key) if key in WEEK else 0)
    assert told.not_before == MONDAY.date() + timedelta(days=days)


@pytest.mark.parametrize("locale", FILES)
def test_no_word_of_asking_for_help_stops_anything(locale: str) -> None:
    """One word may mean another thing in another language; never "do not call"."""
    for _, meaning, word in [said for said in SAID if said[0] == locale]:
        if meaning in (Meaning.CALL, Meaning.HELP, Meaning.DANGER):
            assert not stop_words().stand_in(word), word


@pytest.mark.parametrize("locale", FILES)
def test_asking_for_a_call_is_not_asking_for_later(locale: str) -> None:
    for _, meaning, word in [said for said in SAID if said[0] == locale]:
        if meaning in (Meaning.CALL, Meaning.HELP, Meaning.DANGER):
            assert Meaning.LATER not in heard(word).meanings, word
            assert heard(word).not_before is None, word


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("18", "23 18:00-19:00"),
        ("kl 18", "23 18:00-19:00"),
        ("18-20", "23 18:00-20:00"),
        ("18 – 20.30", "23 18:00-20:30"),
        ("ring mig kl. 18:30", "23 18:30-19:30"),
        ("imorgon 18-20", "24 18:00-20:00"),
        ("tisdag kl 14", "24 14:00-15:00"),
        ("call me at 6pm", "23 18:00-19:00"),
        ("tomorrow 6 p.m.", "24 18:00-19:00"),
        ("9", "24 09:00-10:00"),  # nine o'clock today is over
        ("غدا الساعة ١٨", "24 18:00-19:00"),
        ("فردا ساعت ۱۵-۱۷", "24 15:00-17:00"),  # noqa: RUF001  # digits of Persian
        ("завтра в 15", "24 15:00-16:00"),
        ("huomenna klo 15.30", "24 15:30-16:30"),
        ("พรุ่งนี้ 15:00", "24 15:00-16:00"),
    ],
)
def test_a_time_is_read_as_people_type_it(text: str, time: str) -> None:
    assert Meaning.TIME in heard(text).meanings
    assert named(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "at 6",  # in the morning, or in the evening
        "2-4",
        "saacadda 2",  # Somali and Tigrinya count from dawn
        "ሰዓት 2",
        "เวลา 2",
        "kl 18 eller kl 20",
        "20-18",
        "2026-11-23",
    ],
)
def test_a_time_that_may_be_two_is_left_to_a_person(text: str) -> None:
    assert heard(text).slot is None


@pytest.mark.parametrize(
    "text",
    [
        "jag har 2 barn hemma",
        "070-174 06 05",
        "08-123 45 67",
        "jag bor på Storgatan 24 med honom",
        "25:70",
        "",
        "😀",
    ],
)
def test_a_number_is_not_yet_a_time(text: str) -> None:
    assert Meaning.TIME not in heard(text).meanings


def test_a_long_text_narrows_nothing() -> None:
    told = heard("han sa att han kommer hem senare imorgon, jag är rädd, ring mig")
    assert told.not_before is None
    assert Meaning.LATER not in told.meanings
    assert Meaning.CALL in told.meanings
    assert len("ring mig imorgon, inte nu") < SHORT
    assert heard("ring mig imorgon, inte nu").not_before == date(2026, 11, 24)


def test_days_are_those_of_sweden() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight, Tuesday
    assert hear("imorgon", late).not_before == date(2026, 11, 25)


def test_an_hour_that_the_clock_leaves_out_still_has_an_end() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    slot = hear("imorgon 12-13", before).slot
    assert slot is not None
    assert slot.ends_at.astimezone(UTC) == datetime(2026, 3, 29, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize("locale", FILES)
def test_the_language_is_guessed_from_a_call_for_help(locale: str) -> None:
    """Enough to choose an interpreter by; it is asked for again in the call."""
    kept = locale.replace("_", "-")
    words = [word for said, m, word in SAID if said == locale and m is Meaning.CALL]
    text = " ".join(words)
    # Dari and Persian share script and words.
    assert guess(text) == ("fa" if kept == "fa-AF" else kept)
