"""Members: who may sign in, and as what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cx.store.base import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("issuer", "subject", "email", "name", "role")),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )
    op.create_index("uq_member_identity", "member", ["issuer", "subject"], unique=True)


def downgrade() -> None:
    op.drop_table("member")
