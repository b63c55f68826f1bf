"""Writes the migration of the registers from their classes: `python -m cx.records.migration`, while it is unreleased.

The file it writes is frozen: it says what the tables were, whatever the classes become. Once a version has been
released with it, changes go into a further migration (`cx.store.migrate.revise`), and this writer has done its work.
A store of your own that stands on an earlier draft is brought up with `--rebuild URL`, which empties its registers.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import AutoString

from cx.records.fields import LARGE, Json
from cx.records.record import Record
from cx.records.registry import registers
from cx.store.base import Table, UtcDateTime
from cx.store.engine import writing
from cx.store.migrate import FOLDER, head, migrate

FILE = FOLDER / "versions" / "0002_records.py"
PARENT = "0001"
OWN = tuple(Record.model_fields)
TEMPLATE = '''"""The registers: one table each.

Every table has the columns of OWN before its own. Letters: s text, i whole number, f number, b yes or no, t moment,
d date, j JSON text; "!" must be given, "*" has an index, ">x" refers to record_x.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from cx.store.base import UtcDateTime

revision = "0002"
down_revision = "{parent}"

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES: dict[str, Any] = {{"s": sa.String(), "i": LARGE, "f": sa.Float(), "b": sa.Boolean(), "t": UtcDateTime(), "d": sa.Date(), "j": sa.String()}}
TABLES = {{
{tables}}}


def upgrade() -> None:
    for name, columns in TABLES.items():
        table, own, links = f"record_{{name}}", [], []
        for pair in columns.split():
            column, kind = pair.split(":")
            if ">" in kind:
                to = kind.partition(">")[2]
                links.append(sa.ForeignKeyConstraint([column], [f"record_{{to}}.id"], name=f"fk_{{table}}_{{column}}_record_{{to}}"))
            made = sa.Integer() if ">" in kind else TYPES[kind[0]]
            own.append(sa.Column(column, made, nullable="!" not in kind))
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("created_at", UtcDateTime(), nullable=False),
            sa.Column("created_by", sa.String(), nullable=False),
            sa.Column("updated_at", UtcDateTime(), nullable=False),
            sa.Column("updated_by", sa.String(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("deleted_at", UtcDateTime(), nullable=True),
            *own,
            *links,
            sa.PrimaryKeyConstraint("id", name=f"pk_{{table}}"),
        )
        indexed = ["deleted_at", *(pair.split(":")[0] for pair in columns.split() if "*" in pair or ">" in pair)]
        for column in indexed:
            op.create_index(f"ix_{{table}}_{{column}}", table, [column])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(f"record_{{name}}")
'''


def _letter(column: sa.Column[Any]) -> str:
    kind = column.type
    order = ((UtcDateTime, "t"), (Json, "j"), (sa.Boolean, "b"), (sa.Float, "f"), (sa.Date, "d"), (sa.Integer, "i"), (AutoString, "s"))
    letter = next(letter for known, letter in order if isinstance(kind, known))
    text = letter + ("!" if not column.nullable else "")
    if column.foreign_keys:
        return text + ">" + next(iter(column.foreign_keys)).column.table.name.removeprefix("record_")
    if letter == "i" and type(kind) is not type(LARGE):
        raise TypeError(f"{column} must be declared by a function of cx.records.fields")
    return text + ("*" if column.index else "")


def tables() -> dict[str, str]:
    """Name -> columns of every register, as the migration spells them, each after those it refers to."""
    names = {row.table.__table__.name for row in registers().values()}  # type: ignore[attr-defined]
    found = [table for table in Table.metadata.sorted_tables if table.name in names]
    return {t.name.removeprefix("record_"): " ".join(f"{c.name}:{_letter(c)}" for c in t.c if c.name not in OWN) for t in found}


def text() -> str:
    """The migration as it stands for the present classes."""
    rows = []
    for name, columns in tables().items():
        lines = textwrap.wrap(columns, 130)
        body = "\n".join(f'        "{line}{" " if line is not lines[-1] else ""}"' for line in lines)
        rows.append(f'    "{name}": (\n{body}\n    ),\n')
    return TEMPLATE.format(parent=PARENT, tables="".join(rows))


def write(file: Path = FILE) -> Path:
    """Write the migration and return its path."""
    file.write_text(text(), encoding="utf-8")
    return file


def rebuild(url: str) -> None:
    """Drop every register of a development store, whatever draft of the migration made it, and create them anew, empty."""
    with writing(url) as session:
        connection = session.connection()
        found = {name for name in sa.inspect(connection).get_table_names() if name.startswith(("record_", "survey_")) or name in ("member", "api_token")}
        old = sa.MetaData()
        old.reflect(connection, only=sorted(found))
        old.drop_all(connection)
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": PARENT})
    migrate(url, head())


if __name__ == "__main__":
    if "--rebuild" in sys.argv:
        rebuild(sys.argv[sys.argv.index("--rebuild") + 1])
    else:
        print(write())
