"""What must hold for any input: parsers that agree with what was written, buckets that sum, keys that stay."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_intake import run
from cx.intake import Options, plan, read
from cx.intake.amounts import comma_decimal, numbers
from cx.intake.keys import Occurrences
from cx.intake.moments import FORMATS, form_of, moments
from cx.intake.properties import objects
from cx.intake.scores import scores
from tests.intake.exports import made

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\ufeff\ue0f1"), max_size=20)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2068, 12, 31)).map(lambda d: d.replace(microsecond=0))
PATTERNS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%a %b %d %Y", "%d %B %Y %H:%M:%S", "%Y/%m/%d %H:%M"]


@settings(max_examples=60, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=20), st.sampled_from(PATTERNS))
def test_a_moment_is_read_as_it_was_written(days: list[datetime], pattern: str) -> None:
    cells = [d.strftime(pattern) for d in days]
    found = form_of(cells)
    assert found is not None
    form, settled = found
    if not settled:
        assert all(d.day <= 12 for d in days)
        form = ("mdy",) if pattern.startswith("%m") else ("dmy",)
    values, bad = moments(pl.Series(cells), form, "UTC")
    assert not bad.any()
    written = pattern.replace("Z", "")
    assert [v.strftime(written) for v in values.to_list()] == [d.strftime(written) for d in days]


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=20), st.sampled_from(sorted(FORMATS)))
def test_a_cell_is_a_moment_a_problem_or_empty(cells: list[str], order: str) -> None:
    values, bad = moments(pl.Series(cells, dtype=pl.String), (order, "serial", "unix"), "Europe/Berlin")
    assert len(values) == len(cells)
    assert not (values.is_not_null() & bad).any()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(CELLS, st.floats(allow_nan=True, allow_infinity=True).map(str), st.integers(0, 10).map(str)), min_size=1, max_size=20))
def test_a_cell_is_a_score_a_problem_or_no_answer(cells: list[str]) -> None:
    values, bad = scores(pl.Series(cells, dtype=pl.String))
    assert not (values.is_not_null() & bad).any()
    assert not values.is_nan().any()
    assert not values.is_infinite().any()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=20), st.sampled_from(["", "€ ", "$"]), st.booleans())
def test_an_amount_is_read_as_it_was_written(cents: list[int], sign: str, german: bool) -> None:
    cells = [sign + f"{c / 100:,.2f}" for c in cents]
    if german:
        cells = [c.replace(",", "_").replace(".", ",").replace("_", ".") for c in cells]
    values, bad = numbers(pl.Series(cells), comma_decimal(cells, ";" if german else ","))
    assert not bad.any()
    assert [round(v * 100) for v in values.to_list()] == cents


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=30), st.integers(1, 5))
def test_a_token_is_the_content_and_how_often_it_came_so_far(records: list[tuple[str, str]], size: int) -> None:
    counts, seen, tokens = Occurrences(), {}, []
    for at in range(0, len(records), size):
        part = records[at : at + size]
        tokens += counts.tokens([pl.Series([r[i] for r in part], dtype=pl.String) for i in (0, 1)]).to_list()
    expected = []
    for a, b in records:
        digest = hashlib.md5(f"{a}\x1f{b}".encode(), usedforsecurity=False).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        expected.append(f"#{digest}#{seen[digest]}")
    assert tokens == expected


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=10), st.text(min_size=1, max_size=8))
def test_properties_are_json_and_leave_nothing_out(records: list[tuple[str, str]], name: str) -> None:
    cells = [pl.Series([r[i] for r in records], dtype=pl.String) for i in (0, 1)]
    read_back = [json.loads(text) if text else {} for text in objects([(name, cells[0]), (name + "'", cells[1])], len(records)).to_list()]
    stripped = [c.str.strip_chars().to_list() for c in cells]
    assert read_back == [{k: v for k, v in ((name, a), (name + "'", b)) if v} for a, b in zip(*stripped, strict=True)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.integers(-2, 12).map(str), CELLS), CELLS, st.sampled_from(["2024-05-14", "2024-05-15", "soon", ""])), min_size=1, max_size=15),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_every_record_is_in_exactly_one_bucket(records: list[tuple[str, str, str]], delimiter: str, encoding: str) -> None:
    content = made([["NPS", "Comment", "Date"], ["9", "first", "2024-05-13"], *records], delimiter, encoding)
    understood = plan(content, "x.csv", Options(columns={"NPS": "nps", "Comment": "comment", "Date": "answered_at"}, dates="dmy"))
    rows, rejects, excluded, total = 0, [], 0, 0
    for chunk in read(understood):
        total += chunk.records
        rows += len(set(chunk.rows["line"].to_pylist()))
        rejects += chunk.rejects
        excluded += sum(chunk.excluded.values())
        for row in chunk.rows.to_pylist():
            if row["metric"] == "nps":
                assert 0 <= row["score"] <= 10
                assert float(row["score"]).is_integer()
    assert total == rows + len(rejects) + excluded
    assert total == 1 + len(records)


def test_four_hundred_fuzzed_files_end_well() -> None:
    ends = run(400, 11)
    assert ends["read"] + ends["refused"] + ends["asked"] == 400
