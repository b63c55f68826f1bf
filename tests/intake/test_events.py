"""Event logs with starts and completions: two records are one run, and nothing is lost or counted twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.facts import engine
from cx.intake import Options, events, mending, plan, read, reader, reading
from tests.intake.exports import made
from tests.intake.test_mending import counts, mended, take

XES = ["case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition"]
JOINED = events.JOINED


def at(minute: int) -> str:
    return (datetime(2026, 3, 2, 9) + timedelta(minutes=minute)).isoformat() + "+00:00"


def log(*rows: tuple[str, str, int, str], header: list[str] = XES) -> bytes:
    """Records of (case, step, minute, transition)."""
    return made([header, *[[case, step, at(minute), "Ann", word] for case, step, minute, word in rows]])


def runs(content: bytes, options: Options | None = None) -> list[tuple[str, str, int, int | None]]:
    """(case, step, start, end) of every run, in minutes; the records must all be accounted for."""
    chunks = list(read(plan(content, "log.csv", options)))
    rows = [row for chunk in chunks for row in chunk.rows.to_pylist()]
    records, gone = sum(c.records for c in chunks), sum(sum(c.excluded.values()) + len(c.rejects) for c in chunks)
    assert records == len({r["line"] for r in rows}) + gone

    def minute(moment: datetime | None) -> int | None:
        return None if moment is None else int((moment - datetime(2026, 3, 2, 9)).total_seconds() // 60)

    return sorted(((r["case_id"], r["step"], minute(r["started_at"]) or 0, minute(r["ended_at"])) for r in rows), key=str)


def excluded(content: bytes) -> dict[str, int]:
    return dict(sum((Counter(c.excluded) for c in read(plan(content, "log.csv"))), Counter()))


def test_a_start_and_its_completion_are_one_run_whatever_stands_between_them() -> None:
    interleaved = log(("c1", "Check", 0, "start"), ("c2", "Check", 1, "start"), ("c1", "Ship", 2, "start"), ("c2", "Check", 4, "complete"), ("c1", "Check", 5, "complete"), ("c1", "Ship", 9, "complete"))
    assert runs(interleaved) == [("c1", "Check", 0, 5), ("c1", "Ship", 2, 9), ("c2", "Check", 1, 4)]
    assert excluded(interleaved) == {JOINED: 3}


def test_a_step_done_twice_is_two_runs_also_where_they_overlap_or_touch() -> None:
    again = [("c1", "Check", 0, "start"), ("c1", "Check", 5, "complete"), ("c1", "Check", 5, "start"), ("c1", "Check", 8, "complete")]
    assert runs(log(*again)) == [("c1", "Check", 0, 5), ("c1", "Check", 5, 8)]
    assert runs(log(("c1", "Check", 0, "start"), ("c1", "Check", 2, "start"), ("c1", "Check", 5, "complete"), ("c1", "Check", 8, "complete"))) == [("c1", "Check", 0, 5), ("c1", "Check", 2, 8)]
    assert runs(log(*reversed(again))) == runs(log(*again)), "the order in the file does not matter"


def test_halves_without_the_other_half_are_kept_by_rule_and_told() -> None:
    content = log(("c1", "Check", 3, "complete"), ("c1", "Check", 4, "start"), ("c1", "Ship", 6, "START"), ("c1", "Ship", 7, "Complete"), ("c1", "Ship", 9, "suspend"), ("c1", "Bill", 9, "ate_abort"))
    assert runs(content) == [("c1", "Check", 3, 3), ("c1", "Check", 4, None), ("c1", "Ship", 6, 7)]
    assert excluded(content) == {JOINED: 1, events.OTHER: 1, events.UNSTARTED: 1}
    said = " ".join(plan(content, "log.csv").warnings)
    assert "1 start has no completion: runs that have not ended" in said
    assert "1 completion has no start: runs of no length" in said


def test_a_log_of_starts_only_has_open_runs_and_one_of_completions_only_runs_of_no_length() -> None:
    starts, ends = log(("c1", "Check", 0, "start"), ("c1", "Ship", 5, "start")), log(("c1", "Check", 0, "complete"), ("c1", "Ship", 5, ""))
    assert runs(starts) == [("c1", "Check", 0, None), ("c1", "Ship", 5, None)]
    assert "no run has an end" in " ".join(plan(starts, "log.csv").warnings)
    assert runs(ends) == [("c1", "Check", 0, 0), ("c1", "Ship", 5, 5)]
    assert not [w for w in plan(ends, "log.csv").warnings if "start" in w]


def test_other_headers_and_a_column_said_to_be_the_transition_do_as_well() -> None:
    rows = [("c1", "Check", 0, "start"), ("c1", "Check", 5, "complete")]
    assert runs(log(*rows, header=["case", "activity", "timestamp", "resource", "lifecycle"])) == [("c1", "Check", 0, 5)]
    assert runs(log(*rows, header=["case", "activity", "timestamp", "resource", "kind"]), Options(columns={"kind": "transition"})) == [("c1", "Check", 0, 5)]


def test_a_record_with_both_moments_is_a_run_by_itself() -> None:
    header = ["case:concept:name", "concept:name", "start_timestamp", "time:timestamp", "lifecycle:transition"]
    content = made([header, ["c1", "Check", at(0), at(5), "complete"], ["c1", "Check", at(0), at(0), "start"]])
    assert runs(content) == [("c1", "Check", 0, 5)]
    assert excluded(content) == {events.NOT_COMPLETED: 1}


def test_the_completion_is_the_run_and_what_only_the_start_says_is_kept() -> None:
    content = made([[*XES, "Place", "concept:instance"], ["c1", "Check", at(0), "Ann", "start", "Oslo", "i1"], ["c1", "Check", at(1), "Eve", "start", "Rome", "i2"],
                    ["c1", "Check", at(5), "Bo", "complete", "", "i2"], ["c1", "Check", at(9), "", "complete", "Bergen", "i1"]])  # fmt: skip
    rows = [row for c in read(plan(content, "log.csv")) for row in c.rows.to_pylist()]
    told = [(r["worker"], r["properties"], r["line"], (r["ended_at"] - r["started_at"]).seconds // 60) for r in rows]
    assert told[0] == ("Bo", '{"Place":"Rome","concept:instance":"i2"}', 3, 4), "instances tell runs apart, even where both are under way"
    assert told[1] == ("Ann", '{"Place":"Bergen","concept:instance":"i1"}', 4, 9)


EVENTS = st.lists(st.tuples(st.sampled_from(["c1", "c2"]), st.sampled_from(["Check", "Ship"]), st.integers(0, 30), st.sampled_from(["start", "complete", "complete", "start", "resume"])), min_size=1, max_size=24)


def matched_one_by_one(rows: list[tuple[str, str, int, str]]) -> list[tuple[str, str, int, int | None]]:
    """The rule carried out event by event."""
    out: list[tuple[str, str, int, int | None]] = []
    waiting: dict[tuple[str, str], list[int]] = {}
    for case, step, minute, word in sorted(rows, key=lambda r: (r[2], r[3] != "start")):
        queue = waiting.setdefault((case, step), [])
        if word == "start":
            queue.append(minute)
        elif word == "complete":
            out.append((case, step, queue.pop(0) if queue else minute, minute))
    out += [(case, step, minute, None) for (case, step), queue in waiting.items() for minute in queue]
    return sorted(out, key=str)


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.integers(1, 5))
def test_pairing_agrees_with_doing_it_event_by_event_wherever_a_stretch_ends(rows: list[tuple[str, str, int, str]], size: int) -> None:
    reading.PIECE, before = size, reading.PIECE
    try:
        assert runs(log(*rows, ("c9", "Last", 40, "complete"))) == sorted([*matched_one_by_one(rows), ("c9", "Last", 40, 40)], key=str)
    finally:
        reading.PIECE = before


def test_a_pair_goes_or_stays_together_and_mended_it_is_the_run_it_would_have_been(store: str) -> None:
    rows = [("c1", "Check", 0, "start"), ("c1", "Check", 5, "complete"), ("c1", "Ship", 6, "start"), ("c1", "Ship", 9, "complete")]
    good = log(*rows)
    bad = good.replace(at(5).encode(), b"nonsense")
    done = take(bad, "orders.csv")
    assert (done.records, done.rejected, done.excluded, done.inserted) == (4, 2, 1, 1)
    (_, value, reason), (column, word, why) = (line[:3] for line in sorted(list(mending.to_mend(done.batch))[1:], key=lambda line: line[1] == "start"))
    assert (value, column, word, why) == ("nonsense", "lifecycle:transition", "start", events.HELD)
    assert reason.startswith("is no date")
    again = take(mended(done.batch, nonsense=at(5)), "rejects.csv")
    assert (again.records, again.excluded, *counts(again)) == (2, 1, 1, 0, 0, 0)
    whole = take(good, "orders.csv")
    assert (whole.records, whole.excluded, *counts(whole)) == (4, 2, 0, 0, 2, 0)
    found = engine.rows(engine.tables()["step_runs"].count().as_table())
    assert list(found[0].values()) == [2]


def test_a_run_that_was_open_is_completed_by_a_later_export_of_the_whole_log(store: str) -> None:
    first = [("c1", "Check", 0, "start")]
    assert counts(take(log(*first), "log.csv")) == (1, 0, 0, 0)
    done = take(log(*first, ("c1", "Check", 5, "complete")), "log.csv")
    assert (*counts(done), done.reasons) == (0, 1, 0, 0, {JOINED: 1})
    assert counts(take(log(*first, ("c1", "Check", 5, "complete")), "log.csv")) == (0, 0, 1, 0)


def test_two_runs_that_began_at_one_moment_are_two(store: str) -> None:
    rows = [("c1", "Check", 0, "start"), ("c1", "Check", 0, "start"), ("c1", "Check", 5, "complete"), ("c1", "Check", 7, "complete")]
    assert counts(take(log(*rows), "log.csv")) == (2, 0, 0, 0)
    doubled = take(log(*rows, *rows), "log.csv")
    assert (doubled.inserted, doubled.updated, doubled.unchanged) == (0, 0, 4), "a log that holds every record twice brings nothing twice"


def test_pairs_far_apart_meet_across_the_blocks_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "AHEAD", 16 << 10)
    monkeypatch.setattr(reader, "PIECE", 500)
    lines = [(f"c{n}", "Check", n % 600, "start") for n in range(3000)] + [(f"c{n}", "Check", n % 600 + 3, "complete") for n in range(3000)]
    content = log(*lines)
    chunks = list(read(plan(content, "log.csv")))
    assert len(chunks) > 3
    assert sum(c.rows.num_rows for c in chunks) == 3000
    assert {(r["ended_at"] - r["started_at"]).seconds for c in chunks for r in c.rows.to_pylist()} == {180}
    assert sum(c.records for c in chunks) == 6000 == 3000 + sum(c.excluded.get(JOINED, 0) for c in chunks)
