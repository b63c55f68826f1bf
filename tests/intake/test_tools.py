"""Every tool in every variant is known, loses no record, and gives the scores that stand in it."""

from __future__ import annotations

import pytest

from cx.intake import plan, read
from cx.intake.reading import schema
from tests.intake.exports import Export, exports

EXPORTS = exports()


def outcome(export: Export) -> tuple[bool, bool, bool, str]:
    """(recognised, records = sum of buckets, scores right, what was wrong)."""
    understood = plan(export.content, export.name, export.options)
    chunks = list(read(understood))
    rows = [row for c in chunks for row in c.rows.to_pylist()]
    records = sum(c.records for c in chunks)
    excluded: dict[str, int] = {}
    for c in chunks:
        for reason, n in c.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + n
    rejected = [r for c in chunks for r in c.rejects]
    recognised = (understood.tool, understood.dataset) == (export.tool, export.dataset)
    whole = records == export.records == len({r["line"] for r in rows}) + sum(excluded.values()) + len(rejected)
    scores = tuple((r["metric"], r["score"]) for r in rows if r["metric"] in ("nps", "ces", "csat", "rating")) if export.dataset == "responses" else ()
    right = scores == export.scores and excluded == export.excluded and len(rejected) == export.rejected and (export.rows is None or len(rows) == export.rows)
    right = right and all(rows[0][name] == value for name, value in export.first.items())
    right = right and len({r["key"] for r in rows}) == len(rows) and all(c.rows.schema == schema(export.dataset) for c in chunks)
    detail = "" if recognised and whole and right else f"{understood.tool} {understood.dataset} {records} {scores} {excluded} {rejected} {rows[:1]}"
    return recognised, whole, right, detail


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: f"{e.tool}, {e.variant}")
def test_an_export_is_recognised_and_read_without_loss(export: Export) -> None:
    recognised, whole, right, detail = outcome(export)
    assert recognised, detail
    assert whole, detail
    assert right, detail


def test_the_table_of_tools_and_variants_holds(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{'tool':<26}{'variant':<24}recognised  sums  scores"]
    for export in EXPORTS:
        marks = outcome(export)[:3]
        lines.append(f"{export.tool:<26}{export.variant:<24}{'yes' if marks[0] else 'NO':<12}{'yes' if marks[1] else 'NO':<6}{'yes' if marks[2] else 'NO'}")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert "NO" not in "\n".join(lines[1:])
