"""The DuckDB SQL of an expression, written once for its shape: whatever moments it asks about and whatever rows it is asked of.

Writing SQL takes ten times as long as putting moments and names of tables into a text that is already there. An expression
is therefore stripped of both before it is written, and what has the same shape as an earlier one only gets its own put in.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import ibis
import ibis.expr.operations as ops

MOMENT = re.compile(r"MAKE_TIMESTAMP\((\d+), (\d+), (\d+), (\d+), (\d+), ([\d.e+-]+)\)")
# Stand-ins: moments and names that nobody can guess, so that no text of a customer is ever taken for one.
FIRST = datetime(1001, 1, 1) + timedelta(microseconds=secrets.randbelow(10**15))
TABLE = f"rows_{secrets.token_hex(8)}_{{}}_"
TABLES = re.compile(TABLE.format(r"(\d+)"))
KEPT = 2048


def sql(node: ops.Node) -> str:
    """The DuckDB SQL of an expression's node, on one line; in-memory tables go by their names."""
    held = list(dict.fromkeys(node.find(ops.InMemoryTable)))
    return _filled(node, held) if held else _exact(node)


@lru_cache(maxsize=KEPT)
def _exact(node: ops.Node) -> str:
    # without rows of its own: keeping those alive would keep their rows
    return _filled(node, [])


def _filled(node: ops.Node, held: list[ops.InMemoryTable]) -> str:
    moments = [one for one in dict.fromkeys(node.find(ops.Literal)) if isinstance(one.value, datetime) and one.dtype.is_timestamp() and one.dtype.timezone is None]
    days = [FIRST + timedelta(days=i) for i in range(len(moments))]
    stand_ins: dict[ops.Node, ops.Node] = {one: ibis.literal(day, one.dtype).op() for one, day in zip(moments, days, strict=True)}
    stand_ins |= {table: ops.UnboundTable(name=TABLE.format(i), schema=table.schema) for i, table in enumerate(held)}
    text = _written(node.replace(stand_ins) if stand_ins else node)
    if moments:
        own = {written(day): written(one.value) for one, day in zip(moments, days, strict=True)}
        text = MOMENT.sub(lambda found: own.get(found[0], found[0]), text)
    return TABLES.sub(lambda found: held[int(found[1])].name, text) if held else text


@lru_cache(maxsize=KEPT)
def _written(node: ops.Node) -> str:
    # keyed by the node, which compares by structure; an expression does not
    return str(ibis.to_sql(node.to_expr(), dialect="duckdb", pretty=False))


def split(text: str) -> tuple[list[str], list[datetime]]:
    """The parts of a SQL text between its moments, and these as aware moments in UTC. What is not written as `written` does stays text."""
    parts, moments, done = [], [], 0
    for found in MOMENT.finditer(text):
        try:
            year, month, day, hour, minute = (int(found[i]) for i in range(1, 6))
            moment = datetime(year, month, day, hour, minute, tzinfo=UTC) + timedelta(seconds=float(found[6]))
        except (ValueError, OverflowError):  # within a text of somebody's
            continue
        if written(moment) == found[0]:
            parts.append(text[done : found.start()])
            moments.append(moment)
            done = found.end()
    return [*parts, text[done:]], moments


def written(moment: datetime) -> str:
    """A moment as DuckDB writes it; an aware one in UTC."""
    at = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"MAKE_TIMESTAMP({at.year}, {at.month}, {at.day}, {at.hour}, {at.minute}, {at.second + at.microsecond / 1e6})"
