"""Stop is heard in every language of the site, however it is typed (S15)."""

import pytest

from intake.datafile import read
from intake.sms.texts import SHIPPED
from intake.stop_words import stop_words
from web.languages import KNOWN

FILES = {path.parent.name: path for path in sorted(SHIPPED.glob("*/texts.toml"))}


@pytest.mark.rule("S15")
@pytest.mark.parametrize("locale", sorted(FILES))
def test_each_word_of_each_language_stops(locale: str) -> None:
    table = read(FILES[locale], locale).table("stop")
    whole, anywhere = table.texts("whole"), table.texts("anywhere")
    assert whole
    for words in (*whole, *anywhere):
        for typed in (words, f"  {words.upper()}!! ", f"{words}\n🙏"):
            assert stop_words().stand_in(typed), typed


@pytest.mark.rule("S15")
def test_no_language_of_the_site_is_without_words() -> None:
    spoken = {language.locale for language in KNOWN.values()}
    assert spoken <= FILES.keys()
