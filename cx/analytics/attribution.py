"""Which channels deserve the credit for conversions: rules of position and time, and a Markov chain of paths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from cx.analytics import local
from cx.analytics.business_hours import epoch
from cx.analytics.frame import as_table, moment, text
from cx.analytics.measure import Scope, naive
from cx.errors import MeasureError

MODELS = ("first", "last", "linear", "position", "time_decay")
NO_TOUCH = "(no touch)"
START, WON, LOST = "(start)", "(conversion)", "(null)"
NEEDS = ("customer_id", "channel", "happened_at")
DAY = 86_400


@dataclass(frozen=True)
class Journeys:
    """Touches and conversions joined to paths: `touches` has a row a touch of a path, `bare` the conversions without any."""

    touches: ir.Table
    bare: ir.Table


def journeys(interactions: Any, conversion: str, *, window_days: float = 30, scope: Scope | None = None) -> Journeys:
    """The paths that lead to each conversion.

    A path holds a customer's touches since the one's previous conversion, up to and including the moment of the next,
    and no more than `window_days` before it. `conversion` is the value of `event` that counts as converting; every other
    row with a channel is a touch. What follows the last conversion is a path that ended in none, its window counted from
    its last touch. Conversions are those within the scope; touches may lie before it. Touches of the same moment keep
    the order of `interaction_id`, else of the channel.
    """
    return _split(_events(interactions, conversion, window_days, scope))


def _events(interactions: Any, conversion: str, window_days: float, scope: Scope | None) -> ir.Table:
    """Touches (won 0) and conversions (won 1) of the paths, each with its path's number and end."""
    if window_days <= 0:
        raise MeasureError("the window must be longer than no days", f"found {window_days:g}", "choose a number such as 30")
    asked = scope or Scope()
    table = as_table(interactions, needs=(*NEEDS, "event"))
    table = table.mutate(happened_at=moment(table, "happened_at"))
    if asked.as_of is not None:
        table = table.filter(table["happened_at"] <= ibis.literal(naive(asked.as_of), "timestamp(6)"))
    won = (text(table, "event") == conversion).fill_null(False)
    tie = text(table, "interaction_id") if "interaction_id" in table.columns else text(table, "channel")
    events = table.select(customer=text(table, "customer_id"), channel=text(table, "channel"), at=table["happened_at"], won=ibis.ifelse(won, 1, 0).cast("int64"), tie=tie)
    events = events.filter(events["customer"].notnull() & events["at"].notnull() & ((events["won"] == 1) | events["channel"].notnull()))
    order = [events["at"], events["won"], events["tie"].asc(nulls_first=False)]
    before = ibis.window(group_by=["customer"], order_by=order, preceding=None, following=0)
    events = events.mutate(path=events["won"].sum().over(before) - events["won"])
    whole = ibis.window(group_by=["customer", "path"])
    events = events.mutate(won_at=ibis.ifelse(events["won"] == 1, events["at"], ibis.null("timestamp(6)")).max().over(whole), last_at=events["at"].max().over(whole))
    ended = events["won_at"].coalesce(events["last_at"])
    events = events.mutate(end_at=ended)
    near = (epoch(events["end_at"]) - epoch(events["at"])) <= round(window_days * DAY)
    return asked.during(events, "end_at").filter(near)


def _split(events: ir.Table) -> Journeys:
    touched = events.filter(events["won"] == 0)
    in_order = [touched["at"], touched["tie"].asc(nulls_first=False)]
    touched = touched.mutate(
        place=ibis.row_number().over(ibis.window(group_by=["customer", "path"], order_by=in_order)).cast("int64") + 1,
        length=touched["at"].count().over(ibis.window(group_by=["customer", "path"])),
        converted=touched["won_at"].notnull(),
    )
    conversions = events.filter(events["won"] == 1).select("customer", "path")
    counted = touched.select(_customer=touched["customer"], _path=touched["path"]).distinct()
    bare = conversions.anti_join(counted, [conversions["customer"] == counted["_customer"], conversions["path"] == counted["_path"]])
    return Journeys(touched, bare)


def _weights(touches: ir.Table, model: str, half_life_days: float, ends: float) -> ir.NumericValue:
    place, length = touches["place"], touches["length"].cast("float64")
    if model == "first":
        return ibis.ifelse(place == 1, 1, 0).cast("float64")
    if model == "last":
        return ibis.ifelse(place == touches["length"], 1, 0).cast("float64")
    if model == "linear":
        return 1.0 / length
    if model == "position":
        edge = (place == 1) | (place == touches["length"])
        return ibis.cases(
            (touches["length"] == 1, 1.0), (touches["length"] == 2, 0.5), (edge, ends), else_=(1 - 2 * ends) / ibis.greatest(length - 2, 1.0)
        )  # fmt: skip
    age = (epoch(touches["end_at"]) - epoch(touches["at"])).cast("float64") / (half_life_days * DAY)
    return (age * float(-np.log(2))).exp()


def attribution(
    interactions: Any, conversion: str, models: tuple[str, ...] = (*MODELS, "markov"), *, window_days: float = 30, half_life_days: float = 7,
    ends: float = 0.4, scope: Scope | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Conversions credited to each channel, a column a model; every column adds up to all conversions.

    `interactions`: customer_id, channel, event, happened_at; `conversion`: the event that counts; see `journeys` for the
    paths. first, last: all to that touch. linear: equal parts. position: `ends` to first and last each, the rest shared
    by those between (halves for two touches). time_decay: 2^(-age / half life), normalised within the path. markov: the
    removal effect, see `removal_effects`. Conversions without a touch are the row "(no touch)" in every column.
    Credit says which channels are found on paths that convert, not what would happen without them.

    >>> t = [datetime(2026, 1, d) for d in (1, 2, 3)]
    >>> data = {"customer_id": ["a"] * 3, "channel": ["ad", "mail", None], "event": ["visit", "visit", "buy"], "happened_at": t}
    >>> attribution(data, "buy", ("first", "linear")).values.tolist()
    [['ad', 1.0, 0.5], ['mail', 0.0, 0.5]]
    """
    unknown = [m for m in models if m not in (*MODELS, "markov")]
    if unknown or not 0 <= ends <= 0.5 or half_life_days <= 0:
        raise MeasureError(f"models are {', '.join(MODELS)} and markov, ends from 0 to 0.5", f"found {', '.join(unknown) or ends}", "choose others")
    paths = _split(local.once(_events(interactions, conversion, window_days, scope)))
    paths = Journeys(local.once(paths.touches), paths.bare)
    won = paths.touches.filter(paths.touches["converted"])
    rules = [m for m in models if m != "markov"]
    weighed = won.mutate(**{m: _weights(won, m, half_life_days, ends) for m in rules})
    if "time_decay" in rules:
        total = weighed["time_decay"].sum().over(ibis.window(group_by=["customer", "path"]))
        weighed = weighed.mutate(time_decay=weighed["time_decay"] / total)
    sums = weighed.group_by("channel").aggregate(**{m: weighed[m].sum() for m in rules}, _touches=weighed.count())
    frame = sums.to_pyarrow().to_pandas().set_index("channel")[rules]
    if "markov" in models:
        converted = float(won.select("customer", "path").distinct().count().to_pyarrow().as_py())
        effects = removal_effects(transitions(paths))
        credit = pd.Series(effects, dtype=float)
        frame = frame.reindex(frame.index.union(credit[credit > 0].index)).fillna(0.0)
        frame["markov"] = (credit / credit.sum() * converted if credit.sum() > 0 else credit).reindex(frame.index).fillna(0.0)
    bare = int(paths.bare.count().to_pyarrow().as_py())
    if bare:
        frame.loc[NO_TOUCH] = float(bare)
    return frame[list(models)].astype(float).rename_axis("channel").sort_index().reset_index()


def transitions(paths: Journeys) -> pd.DataFrame:
    """How often a path went from one state to the next: source, target, n; states are channels, start, conversion, null."""
    touches = paths.touches
    follow = ibis.window(group_by=["customer", "path"], order_by=["place"])
    end = ibis.ifelse(touches["converted"], WON, LOST)
    steps = touches.mutate(target=touches["channel"].lead().over(follow).coalesce(end))
    moves = steps.group_by(source=steps["channel"], target=steps["target"]).aggregate(n=steps.count())
    firsts = touches.filter(touches["place"] == 1)
    starts = firsts.group_by(target=firsts["channel"]).aggregate(n=firsts.count())
    begin = starts.select(source=ibis.literal(START), target=starts["target"], n=starts["n"])
    return moves.union(begin).to_pyarrow().to_pandas()


def removal_effects(moves: pd.DataFrame) -> dict[str, float]:
    """Removal effect of each channel in the first-order Markov chain of the transitions: 1 - P(conversion without it) / P(conversion).

    Without a channel, whoever would go there is lost. P is the absorption probability from the start.
    `moves`: source, target, n. Empty where nothing converts.
    Source: Anderl, Becker, von Wangenheim & Schumann, Mapping the customer journey, IJRM 33 (2016).

    >>> moves = pd.DataFrame({"source": ["(start)", "ad", "ad"], "target": ["ad", "(conversion)", "(null)"], "n": [2, 1, 1]})
    >>> removal_effects(moves)
    {'ad': 1.0}
    """
    channels = sorted({*moves["source"], *moves["target"]} - {START, WON, LOST})
    place = {name: k for k, name in enumerate([START, *channels])}
    size = len(place)
    between, to_won, total = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for source, target, n in moves[["source", "target", "n"]].itertuples(index=False):
        total[place[source]] += n
        if target == WON:
            to_won[place[source]] += n
        elif target != LOST:
            between[place[source], place[target]] += n
    scale = np.where(total > 0, total, 1)
    between, to_won = between / scale[:, None], to_won / scale

    def reached(without: int | None) -> float:
        keep = [k for k in range(size) if k != without]
        return float(np.linalg.solve(np.eye(len(keep)) - between[np.ix_(keep, keep)], to_won[keep])[0])

    whole = reached(None) if size else 0.0
    if whole <= 0:
        return {}
    return {name: max(1 - reached(place[name]) / whole, 0.0) for name in channels}


def example(paths: list[tuple[list[str], bool]]) -> pd.DataFrame:
    """Interactions that make the given paths, a customer each: handy for checking a model by hand.

    >>> len(example([(["ad", "mail"], True), (["ad"], False)]))
    4
    """
    rows = []
    for k, (channels, won) in enumerate(paths):
        stops: list[tuple[str | None, str]] = [(c, "touch") for c in channels]
        stops += [(None, "conversion")] if won else []
        rows += [(f"c{k}", channel, event, datetime(2026, 1, 1 + day)) for day, (channel, event) in enumerate(stops)]
    frame = pd.DataFrame(rows, columns=["customer_id", "channel", "event", "happened_at"])
    return frame.assign(happened_at=pd.to_datetime(frame["happened_at"]))
