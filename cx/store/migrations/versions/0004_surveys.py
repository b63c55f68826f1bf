"""Hosted surveys: their links, who was invited, and who does not want to be asked again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cx.store.base import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "survey_link",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "survey_id")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "token", "actor")),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_link"),
    )
    op.create_table(
        "survey_invitation",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "survey_id")),
        sa.Column("customer_id", sa.String(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("way", "state", "response", "context", "event", "reason", "actor")),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("sent_at", "answered_at")),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_invitation"),
    )
    op.create_table(
        "survey_opt_out",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("customer_id", "way")),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_opt_out"),
    )
    for table, columns in (("survey_link", ("survey_id",)), ("survey_invitation", ("survey_id", "customer_id"))):
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    for table, column in (("survey_link", "token"), ("survey_invitation", "token"), ("survey_invitation", "response"), ("survey_opt_out", "customer_id")):
        op.create_index(f"ix_{table}_{column}", table, [column], unique=True)


def downgrade() -> None:
    for table in ("survey_opt_out", "survey_invitation", "survey_link"):
        op.drop_table(table)
