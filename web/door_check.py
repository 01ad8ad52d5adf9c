"""Looks at the saved page that holds a door: its title, its address, who else is there.

The page's text may name what it is about; its address and title stand in the browser's
history and in every list that others may read (S44).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from web.doors import SCRIPT, Door
from web.telling import found, found_in_address

Attributes = dict[str, str]
_SAVED_FROM = re.compile(r"\s*saved from url=\(\d+\)(\S+)\s*")
_TITLES = frozenset({"og:title", "twitter:title"})
_ADDRESSES = frozenset({"og:url", "twitter:url"})
_READ = frozenset({"title", "script", "button"})
_HOST_IN_SCRIPT = re.compile(r"[\"'`(](?:https?:)?//((?:[\w-]+\.)+[a-z]{2,})", re.I)
# Where browsers put the files of a page that was saved whole: whose they were is lost.
_SAVED_BESIDE = re.compile(r"_(?:files|filer)/")


@dataclass(frozen=True, slots=True)
class Findings:
    """What must be put right, and what is good to know."""

    refused: tuple[str, ...]
    notes: tuple[str, ...]


class _Page(HTMLParser):
    """Gathers what matters of a page. Tags that are not closed or known do no harm."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.titles: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[str] = []  # inline
        self.run: list[str] = []  # those that a browser runs as they stand
        self.buttons: list[str] = []  # what is written on the doors
        self.loaded: list[str] = []  # addresses of scripts and frames
        self.forms: list[Attributes] = []
        self._in_door = False
        self.links: list[str] = []
        self._text: list[str] | None = None  # of the part that is open
        self._into: list[list[str]] = []  # where its text belongs
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "").lower().split("-")[0]
        if tag in _READ:
            self._text, self._into = [], self._wanted(tag, set(given))
        if tag in {"script", "iframe", "frame", "embed"} and given.get("src"):
            self.loaded.append(given["src"])
        if tag == "form":
            self.forms.append(given)
            self._in_door = "data-door" in given
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        self.titles += _said(tag, given, _TITLES)
        self.addresses += _said(tag, given, _ADDRESSES)
        if tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.addresses.append(given.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_door = False
        if tag in _READ and self._text is not None:
            for kept in self._into:
                kept.append("".join(self._text).replace("\r\n", "\n"))
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_comment(self, data: str) -> None:
        saved = _SAVED_FROM.fullmatch(data)
        if saved:
            self.addresses.append(saved[1])

    def _wanted(self, tag: str, attributes: set[str]) -> list[list[str]]:
        """Return the lists that the text of an opened part belongs to."""
        if tag == "script":
            # Managers of consent change the type, so that the browser does not run it.
            runs = attributes <= {"nonce"}
            return [self.scripts, self.run] if runs else [self.scripts]
        if tag == "title":
            return [self.titles]
        return [self.buttons] if self._in_door else []


def check(
    html: str,
    doors: Iterable[Door],
    telling: Mapping[str, tuple[str, ...]],
    address: str = "",
) -> Findings:
    """Check a saved page. `address` is where it stands, if the file does not say.

    `telling` has the words of each language, the site's own first: pages in other
    languages often have an address in that one.
    """
    page = _Page(html)
    own, *_ = telling.values()
    words = tuple({*own, *telling.get(page.language, ())})
    addresses = list(filter(None, [address, *page.addresses]))
    refused = [*_telling(page, addresses, words), *_door(page, tuple(doors))]
    return Findings(tuple(refused), tuple(_others(page, addresses)))


def _telling(
    page: _Page, addresses: list[str], words: tuple[str, ...]
) -> Iterator[str]:
    if not page.titles:
        yield "the page has no title: the tab and the history would show its address"
    if not addresses:
        yield "the file does not say where the page stands: give it with --address"
    for shown in dict.fromkeys([*page.titles, *page.buttons]):
        if told := found(words, shown):
            yield f"the title {shown.strip()!r} tells: {', '.join(sorted(told))}"
    for address in dict.fromkeys(addresses):
        if told := found_in_address(words, address):
            yield f"the address {address} tells: {', '.join(sorted(told))}"


def _door(page: _Page, doors: tuple[Door, ...]) -> Iterator[str]:
    """Say what is missing or changed; editors may only add a class, for the looks."""
    forms = [form for form in page.forms if "data-door" in form]
    links = {door.site for door in doors} & {_origin(link) for link in page.links}
    if not forms and not links:
        yield "there is no door: neither the button nor the plain link"
    known = [_Page(door.form).forms[0] for door in doors]
    for form in forms:
        if {name: form[name] for name in form if name != "class"} not in known:
            yield "the button is not as it was printed; print and paste it again"
    if forms and SCRIPT not in page.run:
        yield "the button's script is missing or changed: only the form is left"


def _others(page: _Page, addresses: list[str]) -> Iterator[str]:
    base = addresses[0] if addresses else ""
    home = _origin(base)
    hosts = {_origin(urljoin(base, source)) or source for source in page.loaded}
    for script in page.scripts:
        if script != SCRIPT:
            hosts |= {f"https://{host}" for host in _HOST_IN_SCRIPT.findall(script)}
    for source in page.loaded:
        if _SAVED_BESIDE.search(source):
            yield f"whose was {source}? Save the page as HTML only"
    for host in sorted(hosts - {home, home.replace("http:", "https:")}):
        yield f"others' script or frame: {host}"


def _said(tag: str, given: Attributes, names: frozenset[str]) -> list[str]:
    name = given.get("property") or given.get("name") or ""
    said = tag == "meta" and name.lower() in names
    return [given.get("content", "")] if said else []


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}" if parts.netloc else ""
