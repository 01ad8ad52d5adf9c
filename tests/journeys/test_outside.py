"""The municipality's sign-in in a real browser, which heeds whose link it follows.

The provider stands at another site than the desk (127.0.0.1, not localhost): the
browser sends the desk's cookie by none of the provider's links.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from intake.access import current_code
from intake.people import Member
from intake.store import reading
from tests.apps import seed, staff_app
from tests.journeys.demonstration import password
from tests.journeys.test_accessibility import hold_no_barrier
from tests.journeys.test_shown_once import looked_over
from tests.ports import free_port
from tests.provider import CLIENT, SECRET, Provider
from web.outside import BACK
from web.wiring import system_clock

pytestmark = pytest.mark.journey


@contextmanager
def desk(folder: Path, provider: Provider, port: int) -> Iterator[Flask]:
    """Run the staff site, set up with a provider."""
    secret = folder / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    app = staff_app(
        folder,
        staff_port=str(port),
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_secret_file=str(secret),
    )
    server = make_server("localhost", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def code(app: Flask, login: str) -> str:
    wiring = app.extensions["stilla"]
    with reading(wiring.engine) as session:
        member = session.query(Member).filter_by(login=login).one()
        return current_code(member, wiring.settings.account_key, system_clock())


def signs_in(page: Page, app: Flask) -> None:
    page.goto("/sign-in")
    page.fill("[name=login]", "amina")
    page.fill("[name=password]", password())
    page.fill("[name=code]", code(app, "amina"))
    page.get_by_role("button", name="Logga in").click()
    page.locator(".top").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_bound_once_it_lets_in_with_the_password(
    chromium: Browser, tmp_path: Path, script: bool
) -> None:
    seed(tmp_path)
    port = free_port()
    site = f"http://localhost:{port}"
    with Provider(site + BACK) as provider, desk(tmp_path, provider, port) as app:
        office = chromium.new_context(base_url=site, java_script_enabled=script)
        page = office.new_page()
        signs_in(page, app)
        page.goto("/account")
        provider.conduct.asks = True
        page.get_by_role("link", name="Koppla kommunens inloggning").click()
        page.get_by_role("link", name="That is me").click()
        page.get_by_role("button", name="Ja, koppla den till mig").click()
        expect(page.locator(".done")).to_contain_text("kopplad till dig")
        page.get_by_role("button", name="Logga ut").click()

        page.get_by_role("link", name="Logga in med kommunens inloggning").click()
        page.get_by_role("link", name="That is me").click()
        page.fill("[name=password]", password())
        assert "code=" not in page.url
        page.get_by_role("button", name="Lås upp").click()
        page.locator(".top").wait_for()
        page.goto("/account")
        expect(page.locator("main")).to_contain_text("med kommunens inloggning")
        office.close()


@pytest.mark.timeout(300)
def test_its_pages_hold_no_barrier_and_are_worked_by_keyboard(
    chromium: Browser, tmp_path: Path
) -> None:
    seed(tmp_path)
    port = free_port()
    site = f"http://localhost:{port}"
    with Provider(site + BACK) as provider, desk(tmp_path, provider, port) as app:
        office = chromium.new_context(base_url=site)
        page = office.new_page()
        page.goto("/sign-in")
        looked_over(page)
        outside = page.get_by_role("link", name="Logga in med kommunens inloggning")
        outside.click()  # which nobody has bound yet
        page.locator("[role=alert]").wait_for()
        looked_over(page)

        signs_in(page, app)
        page.goto("/account")
        page.get_by_role("link", name="Koppla kommunens inloggning").click()
        bind = page.get_by_role("button", name="Ja, koppla den till mig")
        bind.wait_for()
        looked_over(page)
        bind.click()
        page.locator(".done").wait_for()
        page.goto("/account")
        looked_over(page)
        page.get_by_role("button", name="Logga ut").click()

        outside.click()
        page.locator("[name=password]").wait_for()
        looked_over(page)
        page.locator("[name=password]").fill("inte rätt lösenord")
        page.get_by_role("button", name="Lås upp").click()
        page.locator(".errors").wait_for()
        hold_no_barrier(page)
        office.close()
