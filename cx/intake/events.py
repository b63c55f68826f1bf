"""Event logs that write a record when a step starts and another when it is completed: which two are one run of the step.

Events of one step in one case of a process (of one `concept:instance`, where the log has them) are taken in the order of
their moments, a start before a completion of the same moment; the order in the file does not matter. A completion ends
the start that has waited longest. A start without completion is a run that has not ended. A completion without start is a
run of no length, as in a log that writes completions only. An abort ends a run like a completion; where nothing was
started it is nothing.

Of a pair, the record of the completion counts as the run, with the cells of the start where its own are empty; the record
of the start is excluded and counted. Where one event of a step in a case cannot be read, the others of that step and case
are rejected with it: half a pair would come in as a run of its own, and once more when the other half is mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from cx.facts.datasets import DATASETS
from cx.intake.answers import Problems
from cx.intake.cells import nothing, tidy
from cx.intake.entries import keyed, rows, typed
from cx.intake.exclusions import reasons
from cx.intake.keys import Occurrences
from cx.intake.plan import Column, Exclusion, Plan
from cx.intake.reader import batches
from cx.intake.words import plain

FIELD = "transition"
STARTS = ("start", "started", "begin", "begun")
ABORTS = ("ate abort", "pi abort", "abort", "aborted")
ENDS = ("complete", "completed", "end", "ended", "finish", "finished", "done", "")
OTHER = "event that neither starts nor completes a step"
NOT_COMPLETED = "event other than a completion"
JOINED = "start, joined with its completion to one run"
UNSTARTED = "abort of a step that was not started"
HELD = "belongs to a step of a case of which another event is rejected"
NONE, START, END, ABORT, FAULTY = range(5)


def transition(columns: Sequence[Column]) -> Column | None:
    """The column that says whether a record is a start or a completion."""
    return next((c for c in columns if c.field == FIELD), None)


def single(columns: Sequence[Column]) -> bool:
    """Whether the records are events of one moment each, to be joined to runs: there is a transition, and not both start and end."""
    return transition(columns) is not None and len({"started_at", "ended_at"} & {c.field for c in columns}) == 1


def rules(columns: Sequence[Column]) -> tuple[Exclusion, ...]:
    """Which events are left out: all but starts and completions; all but completions where a record has both moments by itself."""
    told = transition(columns)
    if told is None:
        return ()
    both = single(columns)
    return (Exclusion(told.members[0], (*STARTS, *ABORTS, *ENDS) if both else ENDS, OTHER if both else NOT_COMPLETED, unless=True),)


@dataclass(frozen=True)
class Pairs:
    """What each record is, by its number: `role`, the number of its `partner` (0 where it has none), and the counts of runs."""

    role: np.ndarray
    partner: np.ndarray
    nth: dict[int, int]  # of runs of a step that began at one moment but ended at different ones: which it is
    starts: int
    ends: int
    open: int
    unstarted: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """Halves without their other half, in words; nothing where the log writes starts only or completions only."""
        if self.starts and not self.ends:
            return ("the log tells when steps started, never when they were completed: no run has an end, and no case is finished",)
        if not self.starts:
            return ()
        half = []
        if self.open:
            half.append(f"{self.open:,} {'start has' if self.open == 1 else 'starts have'} no completion: runs that have not ended")
        if self.unstarted:
            half.append(f"{self.unstarted:,} {'completion has' if self.unstarted == 1 else 'completions have'} no start: runs of no length; where the start stands in another file, import both as one")
        return tuple(half)


def pairs(plan: Plan, text: Path | bytes) -> Pairs:
    """Which events belong together. Reads the needed columns through once; about 30 bytes a record are held."""
    told = transition(plan.columns)
    assert told is not None
    types = DATASETS[plan.dataset].types
    naming = [c for c in plan.columns if c.field in ("process", "case_id", "step") or plain(c.name) == "concept instance"]
    faulty = [c for c in plan.columns if c.field in types and types[c.field] is not str]
    only = sorted({c.members[0] for c in (told, *naming, *faulty)} | {rule.index for rule in plan.exclusions})
    parts, last = [], 0
    for batch in batches(text, plan.layout, only):
        frame = batch.frame
        last = max([last, *frame["line"].tail(1).to_list(), *(r.line for r in batch.ragged)])
        frame = frame.filter(reasons(plan.exclusions, frame).is_null())
        if frame.height:
            parts.append(_events(plan, frame, told, naming, faulty))
    role = np.zeros(last + 1, dtype=np.int8)
    partner = np.zeros(last + 1, dtype=np.int64)
    if not parts:
        return Pairs(role, partner, {}, 0, 0, 0, 0)
    return _matched(pl.concat(parts), role, partner)


def _events(plan: Plan, frame: pl.DataFrame, told: Column, naming: list[Column], faulty: list[Column]) -> pl.DataFrame:
    """Of each event that names case and step: group (a hash of 64 bits), moment, role, number, and whether it can be read."""
    names = {c.field if c.field in ("process", "case_id", "step") else "instance": typed(plan, c, frame[str(c.members[0])], str)[0] for c in naming}
    bad = nothing(frame.height)
    moment = pl.Series([None] * frame.height, dtype=pl.Datetime("us"))
    for column in faulty:
        kind = DATASETS[plan.dataset].types[column.field]
        values, wrong, _ = typed(plan, column, frame[str(column.members[0])], kind)
        bad = bad | wrong.fill_null(False)
        if column.field in ("started_at", "ended_at"):
            moment = values
    words = tidy(frame[str(told.members[0])]).fill_null("")
    roles = {w: START if plain(w) in STARTS else ABORT if plain(w) in ABORTS else END for w in words.unique().to_list()}
    return (
        pl.DataFrame({**names, "at": moment, "bad": bad | moment.is_null(), "line": frame["line"]})
        .with_columns(words.replace_strict(list(roles), list(roles.values()), return_dtype=pl.Int8).alias("role"))
        .filter(pl.col("case_id").is_not_null() & pl.col("step").is_not_null())
        .select(pl.concat_str([pl.col(n).fill_null("") for n in names], separator="\x1f").hash().alias("group"), "at", "role", "line", "bad")
    )


def _matched(events: pl.DataFrame, role: np.ndarray, partner: np.ndarray) -> Pairs:
    spoilt = events.filter("bad")["group"].unique()
    if len(spoilt):
        held = events["group"].is_in(spoilt.implode())
        role[events.filter(held)["line"].to_numpy()] = FAULTY
        events = events.filter(~held)
    group, at, kind, line = (events[name].to_numpy() for name in ("group", "at", "role", "line"))
    at = at.astype("datetime64[us]").astype(np.int64)
    starting = kind == START
    order = np.lexsort((line, ~starting, at, group))
    group, at, kind, line, starting = group[order], at[order], kind[order], line[order], starting[order]
    role[line] = kind
    first = np.r_[True, group[1:] != group[:-1]][: len(group)]
    open_ = _within(np.where(starting, 1, -1), first)
    # what is open falls to a new low, below nothing, exactly at an end whose start is not there
    step = (np.cumsum(first) - 1) * (2 * len(group) + 1)  # a group lies below all before it, so that their lows do not reach into it
    low = np.minimum(np.minimum.accumulate(open_ - step) + step, 0)
    before = np.where(first, 0, np.r_[0, low[:-1]][: len(low)])
    alone = ~starting & (low < before)
    ending = ~starting & ~alone
    number = np.where(starting, _within(starting, first), 0)
    closed = _last(_within(ending, first), first)
    begun = starting & (number <= closed)  # of each group as many starts as there are ends with a start, and in the same order
    partner[line[begun]], partner[line[ending]] = line[ending], line[begun]
    role[line[ending]] = END
    end = np.full(len(at), np.iinfo(np.int64).max)
    end[begun] = at[ending]
    who = np.where(begun, 0, line)
    who[begun] = line[ending]
    again = _again(group[starting], at[starting], end[starting], who[starting])
    unstarted = int((alone & (kind == END)).sum())
    return Pairs(role, partner, again, int(starting.sum()), int(ending.sum()) + unstarted, int((starting & ~begun).sum()), unstarted)


def _within(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Running sums that begin anew where `first` is."""
    total = np.cumsum(values)
    base = (total - values)[first]
    return total - base[np.cumsum(first) - 1] if len(total) else total


def _last(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The last value of each group, for each member."""
    if not len(values):
        return values
    ends = np.r_[np.flatnonzero(first)[1:], len(values)] - 1
    return values[ends][np.cumsum(first) - 1]


def _again(group: np.ndarray, begun: np.ndarray, ended: np.ndarray, line: np.ndarray) -> dict[int, int]:
    """Of runs that began at one moment and ended at different ones: number of the record -> which it is, from the second on."""
    order = np.lexsort((ended, begun, group))
    group, begun, ended, line = group[order], begun[order], ended[order], line[order]
    first = np.r_[True, (group[1:] != group[:-1]) | (begun[1:] != begun[:-1])][: len(group)]
    other = np.r_[True, ended[1:] != ended[:-1]][: len(group)] | first
    nth = _within(other, first)
    return dict(zip(line[nth > 1].tolist(), nth[nth > 1].tolist(), strict=True))


@dataclass
class Runs:
    """Joins events to runs, stretch by stretch; the first half of a pair waits for the second."""

    found: Pairs
    waiting: pl.DataFrame = field(default_factory=pl.DataFrame)

    def rows(self, plan: Plan, frame: pl.DataFrame, counts: Occurrences) -> tuple[pl.DataFrame, Problems, dict[str, int]]:
        """(runs that are whole by now, problems over the records given, records given up by reason)."""
        table, problems, _ = rows(plan, frame, counts)
        told = transition(plan.columns)
        assert told is not None
        held = pl.Series(self.found.role[frame["line"].to_numpy()] == FAULTY)
        bad = nothing(frame.height)
        for _, mask, _ in problems:
            bad = bad | mask.fill_null(False)
        problems.append((told, held & ~bad, HELD))
        lines = table["line"].to_numpy()
        table = table.with_columns(pl.Series("_kind", self.found.role[lines]), pl.Series("_partner", self.found.partner[lines]))
        table = table.filter(pl.col("_kind") != FAULTY)
        nothing_begun = table.filter((pl.col("_kind") == ABORT) & (pl.col("_partner") == 0)).height
        joined = table.filter((pl.col("_kind") == START) & (pl.col("_partner") > 0)).height
        alone = table.filter((pl.col("_partner") == 0) & (pl.col("_kind") != ABORT))
        alone = alone.with_columns(pl.when(pl.col("_kind") == END).then("started_at").alias("ended_at"))
        half = table.filter(pl.col("_partner") > 0)
        if self.waiting.height:
            half = pl.concat([self.waiting, half])
        begun, ended = half.filter(pl.col("_kind") == START), half.filter(pl.col("_kind") != START)
        whole = _joined(ended.join(begun, left_on="line", right_on="_partner", suffix="_start", maintain_order="left"), table.columns)
        self.waiting = pl.concat([begun.filter(~pl.col("_partner").is_in(ended["line"].implode())), ended.filter(~pl.col("_partner").is_in(begun["line"].implode()))])
        done = pl.concat([alone, whole]).sort("line")
        done = done.with_columns(keyed(plan.dataset, done).alias("key")).drop("_kind", "_partner")
        if self.found.nth and done.height:
            nth = pl.Series([self.found.nth.get(line, 1) for line in done["line"].to_list()])
            done = done.with_columns(pl.when(nth > 1).then(pl.concat_str("key", pl.lit("#"), nth.cast(pl.String))).otherwise("key").alias("key"))
        given_up = {reason: n for reason, n in ((JOINED, joined), (UNSTARTED, nothing_begun)) if n}
        return done, problems, given_up


def _joined(both: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The runs of pairs: the completion's cells, the start's where those are empty, both of their properties."""
    if both.height:
        both = both.with_columns(_properties(both["properties_start"], both["properties"]))
    return both.select(
        [
            pl.col("started_at").alias(name) if name == "ended_at" else pl.col("started_at_start").alias(name) if name == "started_at"
            else pl.col(name) if name in ("line", "_kind", "_partner", "key", "properties") else pl.coalesce(name, f"{name}_start").alias(name)
            for name in columns
        ]
    )  # fmt: skip


def _properties(start: pl.Series, end: pl.Series) -> pl.Series:
    """Two JSON objects as one; where both have a name, the end's value stands."""
    if not ((start != end) & start.is_not_null() & end.is_not_null()).any():
        return end.zip_with(end.is_not_null(), start).alias("properties")
    halves = pl.DataFrame({"a": start.fill_null("{}"), "b": end.fill_null("{}")}).to_arrow()
    with duckdb.connect(config={"threads": 1}) as bench:
        made = bench.from_arrow(halves).query("halves", "SELECT nullif(json_merge_patch(a, b)::VARCHAR, '{}') AS properties FROM halves").to_arrow_table()
    merged = pl.DataFrame(pl.from_arrow(made))["properties"]
    return end.zip_with((start == end).fill_null(False), merged).alias("properties")
