"""The bar above every page of the staff site: which pages lead on, and for whom."""

from collections.abc import Set
from dataclasses import dataclass

from intake.topics import Role


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the bar leads to. The views themselves ask for the role again."""

    endpoint: str
    title: str
    roles: Set[Role]
    key: str = ""  # after g on the keyboard
    within: Set[str] = frozenset()  # endpoints that belong to it

    @property
    def for_heads(self) -> bool:
        """Say whether it lies in the heads' menu."""
        return self.roles == HEADS

    def is_at(self, endpoint: str | None) -> bool:
        """Say whether a page belongs here."""
        return endpoint == self.endpoint or endpoint in self.within


_AT_DESKS = frozenset(role for role in Role if role.acts)
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_MEMBER = frozenset({"staff.member", "staff.leaving"})
HEADS = frozenset({Role.HEAD})
PAGES = (
    Page("staff.start", "I dag", _AT_DESKS, key="i"),
    Page(
        "staff.registering",
        "Registrera",
        _AT_DESKS,
        within=frozenset({"staff.register", "staff.concern"}),
    ),
    Page(
        "staff.people",
        "Kollegor",
        _AT_DESKS,
        key="k",
        within=frozenset({"staff.desk_key"}),
    ),
    Page("staff.members", "Behörigheter", _ADMINISTRATORS, within=_MEMBER),
    Page("staff.texts", "Sms", _AT_DESKS | _ADMINISTRATORS),
    Page("staff.hours", "Öppettider", HEADS, within=frozenset({"staff.unit_hours"})),
    Page("staff.on_call", "Jour", HEADS),
    Page("staff.log", "Logg", HEADS, within=frozenset({"staff.desk_log"})),
    Page("staff.members", "Behörigheter", HEADS, within=_MEMBER),
    Page("reports.figures", "Siffror", HEADS),
    Page("reports.figures", "Siffror", frozenset({Role.ANALYST})),
    Page(
        "staff.consulting",
        "Samråd",
        frozenset({Role.COORDINATOR}),
        within=frozenset({"staff.consult", "staff.consulted"}),
    ),
)


def pages(role: Role | None) -> list[Page]:
    """Return the pages that the bar shows to a role."""
    return [page for page in PAGES if role in page.roles]
