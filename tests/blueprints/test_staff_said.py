"""What the desk says on top of a page: what to put right, and what was just done."""

import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest
from bs4 import Tag
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.exc import OperationalError
from wtforms import TextAreaField
from wtforms.fields.core import UnboundField

from intake import access, queue
from intake.guide import Question
from tests.blueprints.conftest import Browser, Given, StaffBureau
from tests.blueprints.public import Seen
from tests.factories import text
from web.desk import TYPED
from web.done import KEY, WORDS
from web.forms import StaffForm

SECRET = "Ring skolan först"
# What a view that writes may say in place of its own words.
SAID_INSTEAD = {"staff.registered_elsewhere", "staff.came_in_by_recovery_code"}
# They lead on without having done anything that the next page does not show.
SILENT = {
    "staff.sign_in",
    "staff.sign_out",
    "staff.invitation",
    "staff.find",
    "staff.outside_in",
    # What they made is the page that answers, and is shown once.
    "staff.invite",
    "staff.new_link",
    "staff.reset",
    "staff.recovery_codes",
    "staff.renew_paper",
}


@pytest.fixture
def path(staff: StaffBureau) -> str:
    return f"/r/{staff.send(text(children=True), staff.digits())}"


@pytest.fixture
def maria(staff: StaffBureau, path: str) -> Browser:
    browser = staff.signed_in("maria")
    browser.press(path, "/claim")
    browser.open(path)
    return browser


def done(page: Seen) -> str:
    said = page.soup.select_one(".done[role=status]")
    return said.get_text(" ", strip=True) if said else ""


def title(page: Seen) -> str:
    return page.soup.title.get_text() if page.soup.title else ""


def links_of(page: Seen) -> list[Tag]:
    """Return the links of the summary, which takes the focus as it is shown."""
    return page.soup.select("main > .errors[role=alert][autofocus] a")


WRONG: dict[str, Given] = {
    "/note": {"text": "x" * 10_001},
    "/answer": {"text": " "},
    "/position": {"position": "nobody"},
    "/child": {"text": ""},
    "/hand-over": {"reason": "Att veta"},
    "/close": {},
}
NO_REPORT: Given = {"decision": "none", "text": "Inga barn."}


@pytest.mark.parametrize("action", WRONG)
def test_what_is_to_be_put_right_stands_on_top_and_leads_there(
    maria: Browser, path: str, action: str
) -> None:
    if action == "/hand-over":
        maria.press(path, "/child", NO_REPORT)
    page = maria.press(path, action, WRONG[action])
    assert page.response.status_code == 422
    assert title(page).startswith("Fel: ")
    assert links_of(page)
    first = page.soup.select_one("main > *:not(.back)")
    assert first is not None
    assert "errors" in first["class"]
    for link in links_of(page):
        field = page.soup.select_one(str(link["href"]))
        assert field is not None, link
        assert f'action="{path}{action}"' in str(field.find_parent("form"))
        folds = field.find_parents("details")
        assert [fold for fold in folds if not fold.has_attr("open")] == []


def test_a_page_without_faults_says_none(maria: Browser, path: str) -> None:
    page = maria.open(path)
    assert links_of(page) == []
    assert not title(page).startswith("Fel")


def test_a_text_is_given_back_where_its_form_is_gone(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    page = maria.press(path, "/child", NO_REPORT)
    staff.clock.forward(minutes=31)  # her lease has ended
    maria = staff.signed_in("maria")
    filled = {"text": "", "reason": SECRET}
    token = maria.open(path).filled("/claim")["csrf_token"]
    filled["csrf_token"] = token
    action = str(page.form("/hand-over")["action"])
    answer = Seen(maria.client.post(action, data=filled))
    assert answer.response.status_code == 409
    assert SECRET in answer.words


# In the view, and before it: another's write may last longer than ours waits.
@pytest.mark.parametrize(
    ("place", "name"), [(queue, "write_note"), (access, "wants_renewal")]
)
def test_a_fault_of_ours_gives_the_text_back_and_claims_nothing(
    staff: StaffBureau,
    maria: Browser,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    place: ModuleType,
    name: str,
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    staff.app.config["PROPAGATE_EXCEPTIONS"] = False
    before = maria.open(path)
    monkeypatch.setattr(place, name, broken)
    page = maria.send(before, "/note", {"text": SECRET})
    assert page.response.status_code == 500
    (box,) = page.soup.select("textarea[readonly]")
    assert box.get_text().strip() == SECRET
    assert "Det du skrev sparades kanske inte. Kopiera det härifrån." in page.words


def test_every_box_of_the_desk_for_a_longer_text_is_given_back(
    staff: StaffBureau,
) -> None:
    boxes = {name for form in _forms(StaffForm) for name in _boxes(form)}
    assert {"text", "reason", "covers", Question.SOON.value} <= boxes
    assert boxes <= set(TYPED)


def _forms(kind: type[StaffForm]) -> Iterator[type[StaffForm]]:
    """Return every form of the desk: its views have loaded them all."""
    for form in kind.__subclasses__():
        yield form
        yield from _forms(form)


def _boxes(form: type[StaffForm]) -> Iterator[str]:
    for name, field in inspect.getmembers(form):
        if isinstance(field, UnboundField) and field.field_class is TextAreaField:
            yield field.kwargs.get("name", name)


def test_what_was_done_is_said_once(maria: Browser, path: str) -> None:
    page = maria.press(path, "/note", {"text": SECRET})
    assert done(page) == "✓ Anteckningen är sparad."
    assert done(maria.open(path)) == ""


def test_what_leads_to_the_queue_names_the_request_and_the_unit(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    maria.press(path, "/child", NO_REPORT)
    values: Given = {"unit": "reception", "ground": "right-unit", "reason": "Läs"}
    page = maria.press(path, "/hand-over", values)
    assert page.response.request.path == "/"
    assert done(page) == f"✓ Ärendet {path[3:]} är överlämnat till Mottagningen."


def test_the_cookie_keeps_keys_and_no_word_of_what_was_written(
    staff: StaffBureau, maria: Browser, path: str
) -> None:
    maria.send(maria.open(path), "/note", {"text": SECRET})
    cookie = maria.client.get_cookie("desk")
    assert cookie is not None
    signer = SecureCookieSessionInterface().get_signing_serializer(staff.app)
    assert signer is not None
    kept = signer.loads(cookie.decoded_value)
    assert list(kept[KEY]) == ["staff.note", path[3:], ""]


def test_every_view_that_writes_says_so(staff: StaffBureau) -> None:
    writing = {
        rule.endpoint
        for rule in staff.app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }
    assert writing | SAID_INSTEAD == set(WORDS) | SILENT


def test_signing_in_leads_to_each_field_that_is_empty(staff: StaffBureau) -> None:
    page = staff.browser().press("/sign-in", "/sign-in")
    assert page.response.status_code == 422
    assert title(page).startswith("Fel: ")
    said = [link["href"] for link in links_of(page)]
    assert said == ["#in-login", "#in-password", "#in-code"]
