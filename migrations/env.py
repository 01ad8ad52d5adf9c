"""Alembic's way to the database: the address comes from whoever runs it."""

from alembic import context
from sqlalchemy import Enum

import intake.alert_tables
import intake.asked
import intake.assessments
import intake.bridge_tables
import intake.consents
import intake.consulting
import intake.line_tests
import intake.log_checks
import intake.messages  # every module with tables is imported, so that none is missed
import intake.models
import intake.people
import intake.schedule
import intake.staff_log
import intake.text_stops
import intake.two_person
import intake.ways_in  # noqa: F401 - as above
from intake.store import connect
from intake.tables import Base


def as_text(kind: str, thing: object, _: object) -> str | bool:
    """Write keys as plain text: a new key needs no migration."""
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String({thing.length})"
    return False


def run() -> None:
    """Run the migrations on one connection, in one transaction where that is safe."""
    engine = connect(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=as_text,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
