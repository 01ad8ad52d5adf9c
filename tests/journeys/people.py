"""What people do, in their own words: a visitor on a phone, a member at a desk."""

import re
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.demonstration import Demonstration, password


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a phone, in Swedish unless said otherwise."""

    phone: Page
    language: str = "sv"

    def opens(self, path: str = "") -> None:
        """Open the site, or go to a page of it by its address."""
        self.phone.goto(f"/{self.language}/{path}")

    def speaks(self, code: str) -> None:
        """Change the language, which may be one of those folded up."""
        link = self.phone.locator(f"a[hreflang][href='/{code}/']")
        self.unfolds(link)
        link.click()

    def writes(self, text: str, **ticks: str) -> None:
        """Fill in the form to write, and send it."""
        self.phone.locator("textarea[name=text]").fill(text)
        for name, value in ticks.items():
            self.picks(name, value)
        self.phone.wait_for_timeout(2100)  # who is faster is put aside (S36)
        self.sends()

    def picks(self, name: str, value: str) -> None:
        """Choose an option by its field and value, where it may stand folded."""
        option = self.phone.locator(f"[name={name}][value='{value}']")
        self.unfolds(option)
        option.check(force=True)

    def types(self, name: str, text: str) -> None:
        """Type into a field by its name, where it may stand folded."""
        one = self.phone.locator(f"input[name={name}]")
        self.unfolds(one)
        one.fill(text)

    def unfolds(self, inside: Locator) -> None:
        """Open the folded line that holds something."""
        fold = self.phone.locator("details:not([open])").filter(has=inside)
        if fold.count():
            fold.first.locator("summary").first.click()

    def sends(self) -> None:
        """Press the form's first button."""
        self.phone.locator("main form button.go").first.click()

    def receipt(self) -> str:
        """Read the number off the screen, once it is there, folded or not."""
        number = self.phone.locator(".digits bdi").first
        number.wait_for(state="attached")
        self.unfolds(number)
        shown = number.inner_text()
        assert re.fullmatch(r"\d{4}( \d{4}){4}", shown)
        return shown

    def comes_back(self, digits: str, word: str = "") -> None:
        """Come in with the number."""
        self.opens("4")
        self.phone.locator("input[name=digits]").fill(digits)
        if word:
            self.types("word", word)
        self.sends()

    def form(self, path: str) -> Locator:
        """Return the form that leads to a path; the script makes it whole."""
        return self.phone.locator(f"form[action*='/{self.language}/{path}']")

    def presses(self, path: str) -> None:
        """Press the button of the form that leads to a path, folded or not."""
        form = self.form(path)
        form.wait_for(state="attached")
        self.unfolds(form)
        form.locator("button").first.click()

    def reads(self) -> str:
        """Return what stands on the page."""
        return self.phone.locator("main").inner_text()


@dataclass(frozen=True, slots=True)
class Member:
    """A made-up member at a desk in the office."""

    page: Page
    demo: Demonstration

    @classmethod
    def signs_in(
        cls, office: BrowserContext, demo: Demonstration, login: str
    ) -> "Member":
        """Sign in with password and a fresh code."""
        page = office.new_page()
        page.goto("/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", password())
        page.fill("[name=code]", demo.code(login))
        page.get_by_role("button", name="Logga in").click()
        page.locator(".top").wait_for()
        return cls(page, demo)

    def queue(self) -> set[str]:
        """Return the references of all requests that the queue shows."""
        self.page.goto("/")
        links = self.page.locator("a[href^='/r/']")
        return {(link.get_attribute("href") or "")[3:] for link in links.all()}

    def waits_for_more_than(self, before: set[str]) -> None:
        """Wait until the worker has brought something to the queue."""
        for _ in range(60):
            if self.queue() - before:
                return
            self.page.wait_for_timeout(1000)
        raise AssertionError("the worker brought nothing")

    def opens(self, reference: str) -> str:
        """Open a request and return what stands there."""
        self.page.goto(f"/r/{reference}")
        return self.page.locator("main").inner_text()

    def presses(self, name: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name).first.click()

    def answers(self, words: str) -> None:
        """Write an answer, look at how it will appear, and save it."""
        self.page.locator("summary", has_text="Svar till numret").click()
        self.page.locator("form[action$='/answer'] textarea").fill(words)
        self.presses("Visa hur det blir")
        self.presses("Spara svaret")


def is_answered(visitor: Visitor, member: Member, text: str, answer: str) -> str:
    """Write, let a member answer, and read that; return the receipt's digits."""
    before = member.queue()
    visitor.opens("2a")
    visitor.writes(text)
    digits = visitor.receipt()
    (reference,) = member.queue() - before
    assert text in member.opens(reference)
    member.presses("Ta ärendet")
    member.answers(answer)
    visitor.comes_back(digits)
    expect(visitor.phone.locator("main")).to_contain_text(answer)
    return digits
