"""How far every customer got in a funnel of ordered steps, without following every attempt of theirs.

An event of step k counts where an entry within the window before it leads there. For each such event only the latest
entry that leads to it is kept: an earlier one within the window leads there as well, and no other entry lasts longer.
So every step needs one pass over its own events and the ones that counted of the step before, which soon are few.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from cx.analytics.attempts import Funnel, Names, tracked
from cx.analytics.frame import checked
from cx.analytics.measure import naive


def follows(funnel: Funnel) -> bool:
    """Whether `furthest` can answer: steps in order, none of them twice, nothing excluded."""
    return funnel.order == "ordered" and not funnel.exclude and len(funnel.kinds) == len(funnel.steps)


def furthest(table: ir.Table, funnel: Funnel, start: datetime | None = None, end: datetime | None = None,
             as_of: datetime | None = None, keep: Names = (), entry: bool = True) -> ir.Table:  # fmt: skip
    """One row per unit: `depth` (the most steps any attempt reached), `at` (the moment the last of them was first reached), `_last` (the last entry).

    With `entry` also `entry`, the earliest attempt that got so far, and with `keep` the columns of it (of several at one
    moment the greatest value). Bounds as in `attempts`, which gives the same depth, entry and moment as its best attempt.
    """
    checked(table, (funnel.unit, funnel.event, funnel.time, *keep))
    rows = tracked(table, funnel, start, end, as_of, keep)
    entries = rows.filter(rows["_step"] == 1)
    if end is not None:
        entries = entries.filter(entries["_t"] < ibis.literal(naive(end), "timestamp(6)"))
    length = ibis.interval(seconds=funnel.window // timedelta(seconds=1))
    reached = entries.select("_unit", "_t", _from="_t")
    levels = [reached.select("_unit", _depth=ibis.literal(1, "int8"), _at="_t", _entered="_t")]
    nothing = ibis.null(rows["_t"].type().copy(nullable=True))
    for k in range(2, len(funnel.steps) + 1):
        own = rows.filter(rows["_step"] == k).select("_unit", "_t", _own=ibis.literal(k, "int8"), _from=nothing)
        both = ibis.union(reached.select("_unit", "_t", _own=ibis.literal(k - 1, "int8"), _from="_from"), own)
        window = ibis.window(group_by=both["_unit"], order_by=[both["_t"], both["_own"]], preceding=(None, 1))
        both = both.select("_unit", "_t", "_own", _from=both["_from"].max().over(window))
        reached = both.filter(both["_own"] == k, both["_from"] + length >= both["_t"]).select("_unit", "_t", "_from")
        levels.append(reached.select("_unit", _depth=ibis.literal(k, "int8"), _at="_t", _entered=nothing))
    firsts = [one.group_by("_unit", "_depth").aggregate(_at=one["_at"].min(), _entered=one["_entered"].max()) for one in levels]
    every = ibis.union(*firsts)
    best = every.group_by("_unit").aggregate(depth=every["_depth"].max(), at=every["_at"].max(), _last=every["_entered"].max())
    if not (entry or keep):
        return best.rename({funnel.unit: "_unit"})
    bound = best.select(_who="_unit", depth="depth", at="at", _last="_last", _since=(best["depth"] > 1).ifelse(best["at"] - length, best["at"]))
    joined = entries.inner_join(bound, [entries["_unit"] == bound["_who"], entries["_t"] >= bound["_since"]])
    one = joined.group_by("_unit").aggregate(
        depth=joined["depth"].max(), at=joined["at"].max(), _last=joined["_last"].max(), entry=joined["_t"].min()
    )
    if keep:
        joined = one.rename(_who="_unit").inner_join(entries, [("_who", "_unit"), ("entry", "_t")])
        values = {name: joined[f"_k_{name}"].max() for name in keep}
        one = joined.group_by("_unit").aggregate(
            depth=joined["depth"].max(), at=joined["at"].max(), _last=joined["_last"].max(), entry=joined["entry"].max(), **values
        )
    return one.rename({funnel.unit: "_unit"})
