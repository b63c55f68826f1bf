"""Facts, import batches, rejected records, the audit log, and who was erased.

Fact rows are kept as Parquet, a file a batch, cut into pieces; their columns are therefore not the database's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cx.store.base import UtcDateTime

revision = "0001"
down_revision = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("dataset", "source", "tool", "survey", "sha256", "plan", "actor")),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, LARGE, nullable=False) for name in ("first_id", "last_id")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("version", "live")),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("records", "inserted", "updated", "unchanged", "excluded", "rejected", "answers")
        ),
        sa.Column("first_at", UtcDateTime(), nullable=True),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("reasons", "warnings")),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_dataset", "import_batch", ["dataset"])
    op.create_table(
        "fact_block",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "batch_id", "place")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_fact_block_batch_id_import_batch"),
        sa.PrimaryKeyConstraint("id", name="pk_fact_block"),
    )
    op.create_index("ix_fact_block_batch_id", "fact_block", ["batch_id"])
    op.create_table(
        "fact_replacement",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "batch_id", "by_batch", "rows")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["import_batch.id"], name=f"fk_fact_replacement_{name}_import_batch")
            for name in ("batch_id", "by_batch")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fact_replacement"),
    )
    for column in ("batch_id", "by_batch"):
        op.create_index(f"ix_fact_replacement_{column}", "fact_replacement", [column])
    op.create_table(
        "rejected_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("column", "value", "reason", "raw")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_rejected_record_batch_id_import_batch"),
        sa.PrimaryKeyConstraint("id", name="pk_rejected_record"),
    )
    op.create_index("ix_rejected_record_batch_id", "rejected_record", ["batch_id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("actor", "action", "subject", "record")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("before", "after")),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    for column in ("at", "subject", "record"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("digest", "salt")),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tombstone"),
    )
    op.create_index("ix_tombstone_digest", "tombstone", ["digest"])


def downgrade() -> None:
    for table in ("tombstone", "fact_replacement", "fact_block", "audit", "rejected_record", "import_batch"):
        op.drop_table(table)
