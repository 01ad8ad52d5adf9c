"""What `flask content check` says of each language that has landed whole: nothing."""

from datetime import date

import pytest

from web import back_translations, content_check
from web.languages import KNOWN, Language
from web.settings import Settings
from web.shelves import PACKAGE

# The day of the latest look: what expires later is told by the command, not by a build.
TODAY = date(2026, 11, 22)
# The store of back-translations is the last that a translator fills.
LANDED = [
    one
    for one in KNOWN.values()
    if (PACKAGE / one.locale / back_translations.FILE).exists()
]


@pytest.mark.parametrize("language", LANDED, ids=lambda one: one.code)
def test_a_language_that_has_landed_has_no_fault(language: Language) -> None:
    assert content_check.of_language(language, Settings(), TODAY) == []
