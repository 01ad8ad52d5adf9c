"""What a person does on a visit, in the same steps in every browser."""

import time
from dataclasses import dataclass, field

from tests.journeys.traces.browser import Browser
from tests.journeys.traces.hosts import AWAY, NEAR, OWN, SEARCH, SITE, TOWN
from tests.journeys.traces.needles import Needle, phone, receipt

# From the numbers that PTS keeps for films and examples.
WORDS = "Kvittrande qvexlunda vid ravinen"
NUMBER = "0701740644"
_LINES = 5  # of each page, searched for as its body
_SETTLED = (
    "document.readyState == 'complete' && document.querySelector('main, h1') != null"
)


@dataclass(slots=True)
class Visit:
    """A visit with a browser, and what of it must not be found afterwards."""

    browser: Browser
    door: str = "link"
    seen: list[Needle] = field(default_factory=list)

    @property
    def framed(self) -> bool:
        """Whether Stilla stands in a frame of the municipality's page."""
        return self.door in {"frame", "near", "path"}

    @property
    def site(self) -> str:
        """The name under which Stilla is visited."""
        return {"near": NEAR, "path": OWN}.get(self.door, SITE)

    def arrives(self) -> None:
        """Come to the first page by a door."""
        at = self.browser
        at.start(at.hosts.origin(SEARCH) + "/")
        if self.door == "link":
            at.click("#link")
        elif self.door == "typed":
            self.enters(at.hosts.origin(SITE) + "/")
        else:
            at.click(f"#{self.door}")
            town = OWN if self.door == "path" else TOWN
            at.until(f"location.host == '{town}' && {_SETTLED}")
            at.click("[data-door] button")
        self.waits(f"location.host == '{self.site}' && {_SETTLED}")
        self.notes()
        time.sleep(2.5)  # she looks; some browsers take a picture meanwhile

    def reads(self) -> None:
        """Change the language and read a section."""
        self.click(".tongues a[href='/sv/']")
        self.waits("document.documentElement.lang == 'sv'")
        self.notes()
        self.click("details.page > summary")
        self.waits("document.querySelector('details.page[open], button.back') != null")
        self.notes()
        time.sleep(1)
        if self.browser.script:
            self.click("button.back")
            self.waits("document.querySelector('.tongues') != null")

    def writes(self, linger: float) -> None:
        """Open the form, write a text and a number, and think for some seconds."""
        self.click(".chips a[href='/sv/3']")
        self.waits("document.querySelector('[name=number]') != null")
        self.notes()
        self.fills("[name=number]", NUMBER)
        self.ticks("[name=phone][value=own]")
        # No call: times are few. The number is sealed as well.
        self.ticks("[name=q8]")
        self.click("details:has([name=text]) > summary")
        self.fills("[name=text]", WORDS)
        time.sleep(linger)  # browsers save their session every 15 s or so

    def sends(self) -> None:
        """Send, and look at the receipt."""
        self.click("main form button.go")
        self.waits("document.querySelector('.digits bdi') != null")
        digits = self.look("document.querySelector('.digits bdi').textContent")
        self.seen += receipt(" ".join(digits.split()))
        self.notes()
        time.sleep(2)

    def leaves(self, *, patient: bool = True) -> None:
        """Leave, and look at what came instead, unless she has no patience."""
        self.click(".leave")
        if not patient:
            return
        self.browser.until(f"location.host == '{AWAY}' && {_SETTLED}")
        time.sleep(2)

    def notes(self) -> None:
        """Remember lines of the page: none of them may be found on disk."""
        text: str = self.look("document.body.innerText")
        title: str = self.look("document.title")
        lines = [line.strip() for line in text.splitlines()]
        heading: str = self.look(
            "(document.querySelector('h1') || {}).textContent || ''"
        )
        telling = sorted({one for one in lines if len(one) > 25}, key=len)
        chosen = [*telling[:2], *telling[-_LINES:], heading.strip()]
        self.seen.append(Needle("title", title))
        self.seen += [Needle("body", one) for one in chosen if one and one != title]

    def needles(self) -> list[Needle]:
        """Return all that must not be found, each once."""
        canaries = [Needle("message", word) for word in (WORDS, "qvexlunda")]
        return list(dict.fromkeys([*canaries, *phone(NUMBER), *self.seen]))

    def enters(self, address: str) -> None:
        """Type an address; again where the browser was still busy."""
        for _ in range(3):
            self.browser.screen.press("ctrl+l")
            self.browser.screen.type(address)
            self.browser.screen.press("Return")
            time.sleep(2)
            if self.look("location.host") == SITE:
                return

    def ticks(self, css: str) -> None:
        """Choose an option; again where the press went astray."""
        for _ in range(3):
            self.click(css)
            if self._comes(f"document.querySelector('{css}').checked", "True"):
                return
        raise AssertionError(f"{css} can't be chosen")

    def fills(self, css: str, text: str) -> None:
        """Click into a field and type; again where the press went astray."""
        for _ in range(3):
            self.click(css)
            self.browser.screen.press("ctrl+a")
            self.browser.screen.type(text)
            if self._comes(f"document.querySelector('{css}').value", text):
                return
        raise AssertionError(f"{css} takes no text")

    def _comes(self, what: str, wanted: str) -> bool:
        """Wait until the page shows what was pressed, on a machine that may be slow."""
        for _ in range(15):
            time.sleep(0.2)
            if self.look(what) == wanted:
                return True
        return False

    def click(self, css: str) -> None:
        """Click in Stilla's page, in the frame or not."""
        self.browser.click(css, frame=self.framed)

    def waits(self, expression: str) -> None:
        """Wait for something in Stilla's page."""
        self.browser.until(expression, frame=self.framed)

    def look(self, expression: str) -> str:
        """Read a text off Stilla's page."""
        (text,) = self.browser.until(f"[{expression}]", frame=self.framed)
        return str(text)
