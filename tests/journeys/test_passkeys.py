"""A passkey made in a real browser, and what it is good for in place of a code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.journeys.demonstration import Demonstration, password
from tests.journeys.people import Member

pytestmark = pytest.mark.journey
_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def office(chromium: Browser, demo: Demonstration) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=demo.staff_url)
    yield context
    context.close()


def plugged_in(page: Page) -> tuple[CDPSession, str]:
    """Give a page's browser a device; returns what it is spoken to with."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return session, made["authenticatorId"]


def comes_in(page: Page, login: str) -> None:
    """Type login and password, and let the device answer for the code."""
    page.goto("/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password())
    page.get_by_role("button", name="Använd en passnyckel").click()


def test_a_device_answers_in_place_of_the_code(
    office: BrowserContext, demo: Demonstration
) -> None:
    page = Member.signs_in(office, demo, "amina").page
    spoken_to, device = plugged_in(page)
    page.goto("/account")
    add = page.get_by_role("button", name="Lägg till en passnyckel")
    add.click()  # the name comes first
    expect(page.locator("[name=name]")).to_be_focused()
    page.fill("[name=name]", "Nyckelknippan")
    add.click()
    expect(page.locator(".done")).to_have_text("✓ Passnyckeln är sparad.")
    page.get_by_role("button", name="Logga ut").click()

    comes_in(page, "amina")
    page.locator(".top").wait_for()
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("Loggade in med passnyckel")
    kept = spoken_to.send("WebAuthn.getCredentials", {"authenticatorId": device})
    assert [one["signCount"] for one in kept["credentials"]] == [2]
    page.get_by_role("button", name="Logga ut").click()

    comes_in(page, "johan")  # her device says nothing for a colleague
    expect(page.locator(".notice")).to_contain_text("Det gick inte att logga in")

    spoken_to.send(
        "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False}
    )
    comes_in(page, "amina")  # the device is there, its owner is not
    expect(page.locator("form [role=alert]")).to_be_visible()
    expect(page.locator("[name=code]")).to_be_visible()


def test_a_browser_that_knows_no_passkeys_is_shown_none(
    office: BrowserContext,
) -> None:
    office.add_init_script("delete window.PublicKeyCredential")
    page = office.new_page()
    page.goto("/sign-in")
    expect(page.get_by_role("button")).to_have_count(1)
