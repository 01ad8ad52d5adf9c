"""The municipality's own words of texts: none that names a colleague ever goes out."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.people import Member
from intake.sms.texts import Texts
from intake.topics import Opening


def naming_staff(session: Session, texts: Texts, opening: Opening) -> set[str]:
    """Return the templates in which the municipality's own words hold a surname.

    Who works here changes: it is asked when a text is offered, and as it is sent.
    """
    if not texts.own:
        return set()
    names = session.scalars(select(Member.real_name))
    return {key for key, kind, _ in texts.naming(names) if kind is opening}
