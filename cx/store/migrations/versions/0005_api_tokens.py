"""API tokens: what programs show instead of signing in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cx.store.base import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "role", "prefix", "digest", "actor", "revoked_by")),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("used_at", "expires_at", "revoked_at")),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
    )
    op.create_index("ix_api_token_name", "api_token", ["name"])
    op.create_index("ix_api_token_prefix", "api_token", ["prefix"], unique=True)


def downgrade() -> None:
    op.drop_table("api_token")
