"""Customers merged into others: a register of aliases that the engine applies whenever facts are read.

No fact row is changed. While a merge stands, every row of the merged customer counts for the one kept, and its own row in
the customers is left out where the kept one has a row; removing the merge brings all of it back as it was. A file
uploaded again under the old identifier needs nothing: the alias holds for what comes in later as well.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session

# The register belongs to a storey above; this is all that reading needs to know of its table.
_MERGES = sa.table("record_customer_merge", sa.column("id"), sa.column("kept_id"), sa.column("merged_id"), sa.column("deleted_at"))
Aliases = tuple[tuple[str, str], ...]


def resolved(pairs: Iterable[tuple[str, str]]) -> Aliases:
    """(merged, kept) pairs with chains followed to their end; merges that run in a circle are not applied.

    >>> resolved([("b", "a"), ("c", "b")]), resolved([("a", "b"), ("b", "a")])
    ((('b', 'a'), ('c', 'a')), ())
    """
    into = dict(pairs)
    out = []
    for merged in sorted(into):
        seen, kept = {merged}, into[merged]
        while kept in into and kept not in seen:
            seen.add(kept)
            kept = into[kept]
        if kept not in seen:
            out.append((merged, kept))
    return tuple(out)


def aliases(session: Session) -> Aliases:
    """The merges that stand now."""
    found = session.execute(sa.select(_MERGES.c.merged_id, _MERGES.c.kept_id).where(_MERGES.c.deleted_at.is_(None)).order_by(_MERGES.c.id))
    return resolved((str(merged), str(kept)) for merged, kept in found)


def applied(dataset: str, columns: Iterable[str], source: str, pairs: Aliases) -> str:
    """The SELECT that reads `source` with the merges applied; the plain one where they do not touch the dataset."""
    if not pairs or "customer_id" not in set(columns):
        return f"SELECT * FROM {source}"
    listed = ", ".join(f"({_quoted(merged)}, {_quoted(kept)})" for merged, kept in pairs)
    names = f"(VALUES {listed}) AS alias(merged, kept)"
    if dataset == "customers":
        gone = f"SELECT merged FROM {names} WHERE kept IN (SELECT customer_id FROM {source} WHERE customer_id IS NOT NULL)"
        return f"SELECT * FROM {source} WHERE customer_id IS NULL OR customer_id NOT IN ({gone})"
    return f"SELECT facts.* REPLACE (coalesce(alias.kept, facts.customer_id) AS customer_id) FROM {source} AS facts LEFT JOIN {names} ON facts.customer_id = alias.merged"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
