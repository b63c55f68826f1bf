"""Rejected records are handed out to be mended, and come in as what they are."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.errors import InputError
from cx.facts import batches, engine, history
from cx.formula import GUARDED, bare, marked, safe
from cx.intake import Options, mending, plan, read
from cx.ui.export import lines_to_csv
from tests.intake import exports

GOOD, BAD = "How likely are you to recommend us?", "abc"
SURVEY = [["Response ID", "Date", GOOD, "Comment", "Segment"], ["R1", "02/01/2026", 9, "good", "A"], ["R2", "03/01/2026", BAD, "slow", "B"], ["R3", "13/01/2026", 3, "bad", "B"], ["R4", "nonsense", 4, "bad, late\nand cold", "B"]]  # fmt: skip


def take(content: bytes, name: str, options: Options | None = None) -> batches.Loaded:
    how = plan(content, name, options).check()
    return batches.load(how.dataset, lambda: read(how), batches.Origin(name, how.tool, how.survey, plan=how.to_json()))


def counts(done: batches.Loaded) -> tuple[int, int, int, int]:
    return done.inserted, done.updated, done.unchanged, done.rejected


def mended(batch: int, **cells: str) -> bytes:
    content = lines_to_csv(mending.to_mend(batch)).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    return exports.made([[cells.get(cell, cell) if at >= mending.EXTRA else cell for at, cell in enumerate(line)] for line in lines])


def test_mended_rejects_come_in_and_with_the_rest_are_the_whole_file(store):
    done = take(exports.made(SURVEY), "Relationship.csv")
    assert counts(done) == (2, 0, 0, 2)
    again = take(mended(done.batch, abc="7", nonsense="04/01/2026"), f"rejects-{done.batch}.csv")
    assert counts(again) == (2, 0, 0, 0)
    whole = take(exports.made([[{"abc": "7", "nonsense": "04/01/2026"}.get(str(cell), cell) for cell in row] for row in SURVEY]), "Relationship.csv")
    assert counts(whole) == (0, 0, 4, 0), "what was mended is the same record as in a file that never was at fault"


def test_the_file_says_what_was_wrong_and_keeps_every_cell(store):
    done = take(exports.made(SURVEY), "Relationship.csv")
    head, first, second = list(mending.to_mend(done.batch))
    assert head == [f"Rejected from batch {done.batch}: column", "value", "reason", *map(str, SURVEY[0])]
    assert first == [GOOD, BAD, "is not a whole number from 0 to 10", "R2", "03/01/2026", BAD, "slow", "B"]
    assert second[:2] + second[3:] == ["Date", "nonsense", "R4", "nonsense", "4", "bad, late\nand cold", "B"]


def test_three_header_rows_and_a_column_at_fault_of_a_tool_are_kept(store):
    content = exports.qualtrics()
    table = list(csv.reader(io.StringIO(content.decode())))
    at = table[0].index("Q1")
    was, table[3][at] = table[3][at], BAD
    done = take(exports.made(table), "Acme.csv")
    assert done.rejected == 1
    again = take(mended(done.batch, abc=was), "rejects.csv")
    assert (again.rejected, again.updated) == (0, 0)
    assert again.inserted >= 1
    assert [b.tool for b in history.batches()] == ["qualtrics", "qualtrics"]
    table[3][at] = was
    assert take(exports.made(table), "Acme.csv").inserted == 0


def test_what_is_still_wrong_is_rejected_again_and_can_be_mended_again(store):
    done = take(exports.made(SURVEY), "Relationship.csv")
    second = take(mended(done.batch, abc="8"), "rejects.csv")
    assert counts(second) == (1, 0, 0, 1)
    third = take(mended(second.batch, nonsense="04/01/2026"), "rejects.csv")
    assert counts(third) == (1, 0, 0, 0)


def test_options_given_the_first_time_hold_the_second_time(store):
    done = take(exports.made(SURVEY), "x.csv", Options(survey="Yearly", dates="dmy"))
    take(mended(done.batch, abc="7", nonsense="04/01/2026"), "rejects.csv")
    assert {b.survey for b in history.batches()} == {"Yearly"}


def test_rejects_of_another_store_or_with_moved_columns_are_refused_in_one_sentence(store):
    done = take(exports.made(SURVEY), "Relationship.csv")
    content = mended(done.batch)
    with pytest.raises(InputError, match="found no such import here; remove the first three columns"):
        plan(content.replace(b"batch %d:" % done.batch, b"batch 999:"), "rejects.csv")
    with pytest.raises(InputError, match="leave the columns as they are"):
        plan(content.replace(b"Segment", b"Area"), "rejects.csv")


FORMULAS = ["=1+1", "-good", "+49 30 1234", "@home", "'=1+1", "''-x", "'-12.5", "-12.5", "'tis", "  =late", "\t-tab", "＝wide", "''", "it's"]


def test_what_kept_a_cell_from_being_a_formula_is_taken_away_again_and_nothing_else(store):
    heads = ["Response ID", "Date", GOOD, "Comment", "- Segment"]
    lines = [[f"R{i}", "13/01/2026", "9" if i == 0 else BAD, text, text] for i, text in enumerate(["fine", *FORMULAS])]
    done = take(exports.made([heads, *lines]), "Relationship.csv", Options(columns={GOOD: "nps"}))
    assert counts(done) == (1, 0, 0, len(FORMULAS))
    file = lines_to_csv(mending.to_mend(done.batch)).decode("utf-8-sig")
    cells = [line[mending.EXTRA + 3] for line in list(csv.reader(io.StringIO(file)))[1:]]
    assert cells[:5] == ["'=1+1", "'-good", "'+49 30 1234", "'@home", "''=1+1"]
    again = take(file.replace(BAD, "7").encode(), "rejects.csv")
    assert counts(again) == (len(FORMULAS), 0, 0, 0)
    rows = engine.rows(engine.tables()["responses"].select("response_id", "comment", "segment"))
    stored = {row["response_id"]: row for row in rows}
    assert [stored[f"R{i}"]["comment"] for i in range(1, len(lines))] == [text.strip() for text in FORMULAS]
    assert [stored[f"R{i}"]["segment"] for i in range(1, len(lines))] == [text.strip() for text in FORMULAS]
    whole = take(exports.made([heads, *[[*line[:2], "9" if line[0] == "R0" else "7", *line[3:]] for line in lines]]), "Relationship.csv", Options(columns={GOOD: "nps"}))
    assert counts(whole) == (0, 0, len(lines), 0)


def test_a_cell_still_at_fault_the_second_time_is_handed_out_as_it_was(store):
    done = take(exports.made([*SURVEY[:2], ["=R2", "13/01/2026", BAD, "'=x", "'B"]]), "Relationship.csv")
    again = lines_to_csv(mending.to_mend(done.batch))
    with pytest.raises(InputError, match="none can be used"):
        take(again, "rejects.csv")
    second = take(again + b"\"\",\"\",\"\",R9,13/01/2026,9,fine,A\r\n", "rejects.csv")
    assert [line[-5:] for line in list(mending.to_mend(second.batch))[1:]] == [["=R2", "13/01/2026", BAD, "''=x", "'B"]], "marked once, not once more each time"


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6) | st.lists(st.sampled_from(["'", "=", "-", " ", "1", "x", "\t", "＝"]), max_size=6).map("".join))
def test_any_text_comes_back_as_it_left(text):
    out = safe(marked(text))
    assert bare(out) == text
    assert pl.Series([out]).str.replace(GUARDED, "$1")[0] == text
