"""The first tables."""

import sqlalchemy as sa
from alembic import op

from intake.tables import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("working_name", sa.String(length=64), nullable=False),
        sa.Column("real_name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("takes_children", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=160), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("wrap_salt", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_box", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcTime(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("login", name=op.f("uq_members_login")),
    )
    op.create_table(
        "one_pages",
        sa.Column("handle_hash", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("sending_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("handle_hash", name=op.f("pk_one_pages")),
    )
    with op.batch_alter_table("one_pages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_one_pages_ends_at"), ["ends_at"], unique=False
        )

    op.create_table(
        "stopped_numbers",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until_return", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_stopped_numbers")),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_invitations_member_id_members")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_table(
        "account_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(24), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_account_notes_member_id_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_notes")),
    )
    with op.batch_alter_table("account_notes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_notes_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "known_browsers",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_known_browsers_member_id_members"),
        ),
        sa.PrimaryKeyConstraint(
            "token_hash", "member_id", name=op.f("pk_known_browsers")
        ),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=1), nullable=False),
        sa.Column("hashed", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_recovery_codes_member_id_members"),
        ),
        sa.PrimaryKeyConstraint("member_id", "mark", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_passkeys_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkeys_credential")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passkeys_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "outside_accounts",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("bound_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_outside_accounts_member_id_members"),
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_outside_accounts")),
        sa.UniqueConstraint("tag", name=op.f("uq_outside_accounts_tag")),
    )
    op.create_table(
        "spent_challenges",
        sa.Column("hashed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("hashed", name=op.f("pk_spent_challenges")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_sign_ins_member_id_members")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_ins_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "units",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("call_tested_at", UtcTime(), nullable=True),
        sa.Column("call_tested_by", sa.Integer(), nullable=True),
        sa.Column("key_person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_tested_by"],
            ["members.id"],
            name=op.f("fk_units_call_tested_by_members"),
        ),
        sa.ForeignKeyConstraint(
            ["key_person_id"],
            ["members.id"],
            name=op.f("fk_units_key_person_id_members"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_units")),
    )
    op.create_table(
        "line_tests",
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(24), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("tested_at", UtcTime(), nullable=False),
        sa.Column("tested_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tested_by"],
            ["members.id"],
            name=op.f("fk_line_tests_tested_by_members"),
        ),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.key"], name=op.f("fk_line_tests_unit_units")
        ),
        sa.PrimaryKeyConstraint("unit", "line", name=op.f("pk_line_tests")),
    )
    op.create_table(
        "plan_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_plan_edits_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.key"], name=op.f("fk_plan_edits_unit_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_edits")),
        sa.UniqueConstraint("unit", "number", name=op.f("uq_plan_edits_unit")),
    )
    op.create_table(
        "desks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(24), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("recovery_public", sa.LargeBinary(), nullable=False),
        sa.Column("recovery_box", sa.LargeBinary(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("turned_at", UtcTime(), nullable=True),
        sa.Column("owed_since", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.key"], name=op.f("fk_desks_unit_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desks")),
        sa.UniqueConstraint("unit", "side", name=op.f("uq_desks_unit")),
    )
    op.create_table(
        "former_keys",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_former_keys_desk_id_desks")
        ),
        sa.PrimaryKeyConstraint("desk_id", "generation", name=op.f("pk_former_keys")),
    )
    op.create_table(
        "staff_events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("signer", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["members.id"], name=op.f("fk_staff_events_actor_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_staff_events_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_staff_events_member_id_members"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_staff_events")),
    )
    op.create_table(
        "on_call_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("when", sa.String(24), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("worker_box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_on_call_names_desk_id_desks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_names")),
    )
    with op.batch_alter_table("on_call_names", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_on_call_names_desk_id"), ["desk_id"], unique=False
        )

    op.create_table(
        "alert_rounds",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("turned_at", UtcTime(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_alert_rounds_desk_id_desks")
        ),
        sa.PrimaryKeyConstraint("desk_id", name=op.f("pk_alert_rounds")),
    )
    op.create_table(
        "outbound_alerts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("to_head", sa.Boolean(), nullable=False),
        sa.Column("worker_box", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("not_after", UtcTime(), nullable=False),
        sa.Column("next_try_at", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("provider_sid", sa.String(length=40), nullable=True),
        sa.Column("error", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_outbound_alerts_desk_id_desks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_alerts")),
    )
    with op.batch_alter_table("outbound_alerts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbound_alerts_desk_id"), ["desk_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outbound_alerts_state"), ["state"], unique=False
        )

    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("audience", sa.String(24), nullable=False),
        sa.Column("side", sa.String(24), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=24), nullable=False),
        sa.Column("wish", sa.String(24), nullable=False),
        sa.Column("danger", sa.String(24), nullable=False),
        sa.Column("urgency", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("contact", sa.String(24), nullable=False),
        sa.Column("position", sa.String(24), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("protection", sa.String(24), nullable=True),
        sa.Column("child_protection", sa.String(24), nullable=True),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("under_18", sa.Boolean(), nullable=False),
        sa.Column("for_other", sa.Boolean(), nullable=False),
        sa.Column("night_at", UtcTime(), nullable=True),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", UtcTime(), nullable=False),
        sa.Column("reading_due_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("answer_due_at", UtcTime(), nullable=True),
        sa.Column("unread_since", UtcTime(), nullable=True),
        sa.Column("callable_until", UtcTime(), nullable=True),
        sa.Column("touched_at", UtcTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("hold_until", UtcTime(), nullable=True),
        sa.Column("joined_to_id", sa.Integer(), nullable=True),
        sa.Column("joined_because", sa.String(24), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("child_mark", sa.Boolean(), nullable=False),
        sa.Column("child_due_at", UtcTime(), nullable=True),
        sa.Column("child_decision", sa.String(length=16), nullable=True),
        sa.Column("account_public", sa.LargeBinary(), nullable=False),
        sa.Column("answer_public", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["members.id"], name=op.f("fk_requests_holder_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["joined_to_id"],
            ["requests.id"],
            name=op.f("fk_requests_joined_to_id_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.key"], name=op.f("fk_requests_unit_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_requests_reference")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_requests_callable_until"), ["callable_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_requests_joined_to_id"), ["joined_to_id"], unique=False
        )
        batch_op.create_index(
            "ix_requests_queue", ["state", "unit", "side"], unique=False
        )

    op.create_table(
        "bridged_calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("line", sa.String(length=16), nullable=True),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("staff_box", sa.LargeBinary(), nullable=True),
        sa.Column("her_box", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("pressed_at", UtcTime(), nullable=True),
        sa.Column("provider_sid", sa.String(length=40), nullable=True),
        sa.Column("heard", sa.String(length=16), nullable=True),
        sa.Column("error", sa.String(length=16), nullable=True),
        sa.Column("next_try_at", UtcTime(), nullable=True),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_bridged_calls_request_id_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.key"], name=op.f("fk_bridged_calls_unit_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridged_calls")),
    )
    with op.batch_alter_table("bridged_calls", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bridged_calls_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bridged_calls_state"), ["state"], unique=False
        )

    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(24), nullable=False),
        sa.Column("police", sa.String(24), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_assessments_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_assessments_request_id_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessments_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(24), nullable=False),
        sa.Column("reply", sa.String(24), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_asked_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_asked_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
    )
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asked_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "doors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("pepper_version", sa.Integer(), nullable=False),
        sa.Column("answer_box", sa.LargeBinary(), nullable=False),
        sa.Column("by_voice", sa.Boolean(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_doors_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doors")),
        sa.UniqueConstraint("tag", name=op.f("uq_doors_tag")),
    )
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_doors_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "envelopes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_envelopes_author_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_envelopes_request_id_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelopes")),
    )
    with op.batch_alter_table("envelopes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_envelopes_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(24), nullable=False),
        sa.Column("giver", sa.String(24), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("envelope_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["envelope_id"],
            ["envelopes.id"],
            name=op.f("fk_consents_envelope_id_envelopes"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_consents_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_consents_request_id_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consents_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("signer", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_events_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_events_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("request_id", "seq", name=op.f("uq_events_request_id")),
    )
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("ends_at", UtcTime(), nullable=True),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("review_due_at", UtcTime(), nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_openings_request_id_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_openings_member_id_members"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["members.id"],
            name=op.f("fk_openings_approved_by_members"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"],
            ["members.id"],
            name=op.f("fk_openings_reviewed_by_members"),
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"],
            ["envelopes.id"],
            name=op.f("fk_openings_reason_id_envelopes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_openings_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "consultations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("began_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_consultations_request_id_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_consultations_member_id_members"),
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"],
            ["envelopes.id"],
            name=op.f("fk_consultations_reason_id_envelopes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consultations_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_consultations_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "log_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", UtcTime(), nullable=False),
        sa.Column("signed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_log_checks_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_log_checks_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_checks")),
        sa.UniqueConstraint("desk_id", "month", name=op.f("uq_log_checks_desk_id")),
    )
    op.create_table(
        "log_check_lines",
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(24), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["log_checks.id"],
            name=op.f("fk_log_check_lines_check_id_log_checks"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_log_check_lines_event_id_events"),
        ),
        sa.PrimaryKeyConstraint(
            "check_id", "event_id", name=op.f("pk_log_check_lines")
        ),
    )
    op.create_table(
        "inbound_texts",
        sa.Column("message_sid", sa.String(length=40), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("next_try_at", UtcTime(), nullable=True),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_inbound_texts_request_id_requests"),
        ),
        sa.PrimaryKeyConstraint("message_sid", name=op.f("pk_inbound_texts")),
    )
    op.create_table(
        "memberships",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("approved_at", UtcTime(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["members.id"],
            name=op.f("fk_memberships_approved_by_members"),
        ),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_memberships_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_memberships_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "desk_id", name=op.f("pk_memberships")),
    )
    op.create_table(
        "outbound_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("next_try_at", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_outbound_mails_request_id_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_mails")),
    )
    op.create_table(
        "request_keys",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("half", sa.String(24), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_request_keys_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_request_keys_request_id_requests"),
        ),
        sa.PrimaryKeyConstraint(
            "request_id", "desk_id", "half", name=op.f("pk_request_keys")
        ),
    )
    op.create_table(
        "windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("starts_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("series", sa.String(length=40), nullable=True),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("rung_at", UtcTime(), nullable=True),
        sa.Column("missed_at", UtcTime(), nullable=True),
        sa.Column("missed_seen_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["missed_seen_by"],
            ["members.id"],
            name=op.f("fk_windows_missed_seen_by_members"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_windows_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["unit"], ["units.key"], name=op.f("fk_windows_unit_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_windows")),
        sa.UniqueConstraint("unit", "starts_at", "place", name=op.f("uq_windows_unit")),
    )
    with op.batch_alter_table("windows", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_windows_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("envelope_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("worker_box", sa.LargeBinary(), nullable=True),
        sa.Column("tag", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["envelope_id"],
            ["envelopes.id"],
            name=op.f("fk_numbers_envelope_id_envelopes"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_numbers_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_numbers")),
    )
    with op.batch_alter_table("numbers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_numbers_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_numbers_tag"), ["tag"], unique=False)

    op.create_table(
        "outbound_texts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=24), nullable=False),
        sa.Column("opening", sa.String(24), nullable=False),
        sa.Column("language", sa.String(length=24), nullable=False),
        sa.Column("worker_box", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("not_after", UtcTime(), nullable=False),
        sa.Column("next_try_at", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("provider_sid", sa.String(length=40), nullable=True),
        sa.Column("provider_status", sa.String(length=20), nullable=True),
        sa.Column("error", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("redacted_at", UtcTime(), nullable=True),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_outbound_texts_member_id_members"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_outbound_texts_request_id_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["window_id"],
            ["windows.id"],
            name=op.f("fk_outbound_texts_window_id_windows"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_texts")),
        sa.UniqueConstraint(
            "provider_sid", name=op.f("uq_outbound_texts_provider_sid")
        ),
    )
    with op.batch_alter_table("outbound_texts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbound_texts_lease_until"), ["lease_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outbound_texts_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            "ix_outbound_texts_due", ["state", "next_try_at"], unique=False
        )

    op.create_table(
        "text_stops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["members.id"], name=op.f("fk_text_stops_ended_by_members")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_text_stops_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_stops")),
    )
    with op.batch_alter_table("text_stops", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_text_stops_ended_at"), ["ended_at"], unique=False
        )

    op.create_table(
        "sendings",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("burned_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["door_id"], ["doors.id"], name=op.f("fk_sendings_door_id_doors")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_sendings_request_id_requests"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sendings")),
    )


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_table("sendings")
    with op.batch_alter_table("text_stops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_stops_ended_at"))

    op.drop_table("text_stops")
    with op.batch_alter_table("outbound_texts", schema=None) as batch_op:
        batch_op.drop_index("ix_outbound_texts_due")
        batch_op.drop_index(batch_op.f("ix_outbound_texts_request_id"))
        batch_op.drop_index(batch_op.f("ix_outbound_texts_lease_until"))

    op.drop_table("outbound_texts")
    with op.batch_alter_table("numbers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_numbers_tag"))
        batch_op.drop_index(batch_op.f("ix_numbers_request_id"))

    op.drop_table("numbers")
    with op.batch_alter_table("windows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_windows_request_id"))

    op.drop_table("windows")
    op.drop_table("request_keys")
    op.drop_table("outbound_mails")
    op.drop_table("memberships")
    op.drop_table("inbound_texts")
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultations_member_id"))
        batch_op.drop_index(batch_op.f("ix_consultations_request_id"))

    op.drop_table("consultations")
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_openings_request_id"))

    op.drop_table("openings")
    op.drop_table("log_check_lines")
    op.drop_table("log_checks")
    op.drop_table("events")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_request_id"))

    op.drop_table("consents")
    with op.batch_alter_table("envelopes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelopes_request_id"))

    op.drop_table("envelopes")
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_doors_request_id"))

    op.drop_table("doors")
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_request_id"))

    op.drop_table("asked")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessments_request_id"))

    op.drop_table("assessments")
    with op.batch_alter_table("bridged_calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bridged_calls_state"))
        batch_op.drop_index(batch_op.f("ix_bridged_calls_request_id"))

    op.drop_table("bridged_calls")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index("ix_requests_queue")
        batch_op.drop_index(batch_op.f("ix_requests_callable_until"))

    op.drop_table("requests")
    with op.batch_alter_table("outbound_alerts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbound_alerts_state"))
        batch_op.drop_index(batch_op.f("ix_outbound_alerts_desk_id"))

    op.drop_table("outbound_alerts")
    op.drop_table("alert_rounds")
    with op.batch_alter_table("on_call_names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_on_call_names_desk_id"))

    op.drop_table("on_call_names")
    op.drop_table("staff_events")
    op.drop_table("former_keys")
    op.drop_table("desks")
    op.drop_table("plan_edits")
    op.drop_table("line_tests")
    op.drop_table("units")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_member_id"))

    op.drop_table("sign_ins")
    op.drop_table("spent_challenges")
    op.drop_table("outside_accounts")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_member_id"))

    op.drop_table("passkeys")
    op.drop_table("recovery_codes")
    op.drop_table("known_browsers")
    with op.batch_alter_table("account_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_notes_member_id"))

    op.drop_table("account_notes")
    op.drop_table("invitations")
    op.drop_table("stopped_numbers")
    with op.batch_alter_table("one_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_pages_ends_at"))

    op.drop_table("one_pages")
    op.drop_table("members")
    op.drop_table("installation")
