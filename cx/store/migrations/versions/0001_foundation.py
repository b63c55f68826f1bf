"""Facts, import batches, rejected records, the audit log, and who was erased.

The columns of the twelve fact tables are spelled out here and not read from the classes: a migration says what the
tables were, whatever they have become since. Letters: s text, i whole number, f number, b yes or no, t moment.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from cx.store.base import UtcDateTime

revision = "0001"
down_revision = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES: dict[str, Any] = {"s": sa.String(), "i": LARGE, "f": sa.Float(), "b": sa.Boolean(), "t": UtcDateTime()}
FACTS = {
    "customers": (
        "customer_id:s name:s email:s company:s segment:s persona:s industry:s country:s region:s size:s plan:s channel:s owner:s status:s "
        "joined_at:t left_at:t leave_reason:s consent:b"
    ),
    "responses": (
        "response_id:s survey:s survey_kind:s question:s question_text:s metric:s score:f scale_min:f scale_max:f higher_is_better:b answer:s "
        "comment:s customer_id:s segment:s persona:s channel:s touchpoint:s product:s team:s agent:s language:s country:s invited_at:t "
        "delivered:b answered_at:t"
    ),
    "mentions": (
        "mention_id:s source:s author:s customer_id:s text:s url:s rating:f rating_max:f sentiment:f segment:s product:s touchpoint:s language:s "
        "country:s reach:i posted_at:t replied_at:t"
    ),
    "interactions": (
        "interaction_id:s customer_id:s event:s touchpoint:s channel:s campaign:s session_id:s product:s segment:s persona:s device:s country:s "
        "value_minor:i currency:s duration_seconds:f happened_at:t"
    ),
    "tickets": (
        "ticket_id:s customer_id:s segment:s subject:s category:s kind:s channel:s priority:s status:s team:s agent:s touchpoint:s product:s "
        "country:s created_at:t first_response_at:t resolved_at:t paused_minutes:f reopens:i replies:i satisfaction:f satisfaction_max:f "
        "cost_minor:i currency:s"
    ),
    "deals": (
        "deal_id:s customer_id:s name:s segment:s source:s campaign:s channel:s owner:s team:s product:s country:s stage:s status:s "
        "probability:f amount_minor:i currency:s created_at:t stage_entered_at:t expected_close_at:t closed_at:t lost_reason:s"
    ),
    "subscriptions": (
        "subscription_id:s customer_id:s segment:s plan:s product:s channel:s country:s status:s mrr_minor:i currency:s started_at:t ended_at:t "
        "renews_at:t cancel_reason:s"
    ),
    "orders": (
        "order_id:s customer_id:s segment:s product:s category:s channel:s country:s supplier:s quantity:f amount_minor:i currency:s "
        "ordered_at:t promised_at:t delivered_at:t returned:b"
    ),
    "campaigns": (
        "campaign:s channel:s segment:s product:s country:s day:t impressions:i clicks:i visits:i leads:i conversions:i spend_minor:i "
        "revenue_minor:i currency:s"
    ),
    "measurements": (
        "measurement_id:s process:s characteristic:s unit:s value:f subgroup:s sample_size:i defectives:i defects:i opportunities:i "
        "lower_limit:f upper_limit:f target:f passed:b product:s supplier:s operator:s segment:s touchpoint:s measured_at:t"
    ),
    "step_runs": ("process:s case_id:s step:s role:s worker:s customer_id:s segment:s touchpoint:s outcome:s value_added:b started_at:t ended_at:t"),
    "trainings": (
        "training_id:s employee_id:s employee:s role:s team:s course:s session:s status:s enrolled_at:t completed_at:t expires_at:t pre_score:f "
        "post_score:f max_score:f reaction:f behaviour:f cost_minor:i currency:s"
    ),
}


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
    op.execute(
        "CREATE VIEW hidden_batch AS SELECT id FROM import_batch WHERE demo "
        "AND EXISTS (SELECT 1 FROM import_batch AS other WHERE NOT other.demo AND other.live > 0)"
    )
    for dataset, columns in FACTS.items():
        _fact_table(dataset, [pair.split(":") for pair in columns.split()])
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


def _fact_table(dataset: str, columns: list[list[str]]) -> None:
    table = f"fact_{dataset}"
    op.create_table(
        table,
        sa.Column("id", LARGE, nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("properties", sa.String(), nullable=True),
        *(sa.Column(name, TYPES[letter], nullable=True) for name, letter in columns),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    live, dead = sa.text("superseded_by IS NULL"), sa.text("superseded_by IS NOT NULL")
    op.create_index(f"uq_{table}_live", table, ["key"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_index(f"ix_{table}_superseded_by", table, ["superseded_by"], sqlite_where=dead, postgresql_where=dead)
    # What an Ibis backend on this very database sees: the live rows under the dataset's name, the demo company only while alone.
    shown = "id, batch_id, key, line, " + ", ".join(name for name, _ in columns) + ", properties"
    op.execute(f"CREATE VIEW {dataset} AS SELECT {shown} FROM {table} WHERE superseded_by IS NULL AND batch_id NOT IN (SELECT id FROM hidden_batch)")


def downgrade() -> None:
    for dataset in FACTS:
        op.execute(f"DROP VIEW {dataset}")
    op.execute("DROP VIEW hidden_batch")
    for table in ("audit", "rejected_record", "import_batch", *(f"fact_{name}" for name in FACTS)):
        op.drop_table(table)
