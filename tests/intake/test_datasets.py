"""Templates and samples of all twelve datasets come in as they went out; the two layouts of one survey agree."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cx.facts.datasets import DATASETS
from cx.intake import Options, plan, read, sample, schema, template
from tests.intake.exports import made

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


@pytest.mark.parametrize("name", DATASETS)
def test_a_template_is_recognised_and_imports_whole(name: str) -> None:
    understood = plan(template(name).encode(), f"{name}.csv").check()
    assert (understood.dataset, understood.tool) == (name, "generic")
    rows = [r for c in read(understood) for r in c.rows.to_pylist()]
    assert len(rows) == 2
    assert not [r for c in read(understood) for r in c.rejects]


@pytest.mark.parametrize("name", DATASETS)
def test_the_sample_file_is_the_one_that_code_makes_and_keeps_every_value(name: str) -> None:
    content = (SAMPLES / f"{name}.csv").read_text("utf-8")
    assert content == sample(name)
    understood = plan(SAMPLES / f"{name}.csv").check()
    assert understood.dataset == name
    chunks = list(read(understood))
    rows = [r for c in chunks for r in c.rows.to_pylist()]
    assert chunks[0].rows.schema == schema(name)
    source = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == len(source) == 30
    assert len({r["key"] for r in rows}) == 30
    for row, written in zip(rows, source, strict=True):
        for column, kind in DATASETS[name].types.items():
            value, cell = row[column], written[column]
            if kind in (int, float):
                assert (value is None and cell == "") or float(cell) == value, (column, value, cell)
            elif kind is bool:
                assert (value is None and cell == "") or str(value).lower() == cell
            else:
                assert str(value if value is not None else "") == cell, (column, value, cell)


def test_the_current_and_the_legacy_layout_of_one_survey_give_the_same_responses() -> None:
    legacy_head = [f"V{i}" for i in range(1, 11)] + ["Q1", "Q3_1", "Q3_2", "Q4", ""]
    legacy_under = ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate", "EndDate", "Finished",
                    "How likely are you to recommend us?", "Which do you use?-Phone", "Which do you use?-Mail", "Why did you choose this score?", ""]  # fmt: skip
    head = ["ResponseID", "ResponseSet", "IPAddress", "StartDate", "EndDate", "RecipientEmail", "Finished", "Status", "Q1", "Q3_4", "Q3_7", "Q4"]
    under = [*head[:8], "How likely are you to recommend us?", "Which do you use?-Phone", "Which do you use?-Mail", "Why did you choose this score?"]
    ids = [f"{{'ImportId': '{c}'}}" for c in head]
    answers = [("R_a", 9, "1", "", "All good with you"), ("R_b", 2, "1", "1", "It broke on day two"), ("R_c", 0, "", "", "")]
    day = "2024-05-14 10:00:00"
    legacy = made([legacy_head, legacy_under, *[[r, "Default", "", "", "p@example.com", "", 0, day, day, 1, n, a, b, w, ""] for r, n, a, b, w in answers]])
    current = made([head, under, ids, *[[r, "Default", "", day, day, "p@example.com", 1, 0, n, a, b, w] for r, n, a, b, w in answers]])
    both = [[{k: v for k, v in row.items() if k != "line"} for c in read(plan(f, "s.csv")) for row in c.rows.to_pylist()] for f in (legacy, current)]
    assert both[0] == both[1]
    assert [r["score"] for r in both[0]] == [9, 2, 0]
    assert both[0][1]["properties"] == '{"Which do you use?": "Mail; Phone"}'


def test_several_score_questions_of_a_record_share_its_line_and_the_comment_stands_once() -> None:
    content = made([["Date", "NPS", "How satisfied are you?", "Comment", "Plan"], ["2024-05-14", 9, 4, "fine", "Pro"], ["2024-05-14", "", 2, "late", "Basic"], ["2024-05-14", "", "", "only words", "Basic"]])
    rows = [r for c in read(plan(content, "x.csv")) for r in c.rows.to_pylist()]
    assert [(r["line"], r["metric"], r["comment"], r["answer"]) for r in rows] == [(1, "nps", "fine", None), (1, "csat", None, None), (2, "csat", "late", None), (3, "text", None, "only words")]
    assert all(r["properties"] for r in rows)


def test_a_correction_changes_rows_but_not_their_identity() -> None:
    content = made([["Date", "Rate us", "Comment"], ["2024-05-14", 9, "a"], ["2024-05-15", 0, "b"]])
    first, second = ([r for c in read(plan(content, "x.csv", o)) for r in c.rows.to_pylist()] for o in (Options(), Options(columns={"Rate us": "nps"})))
    assert [r["key"] for r in first] == [r["key"] for r in second]
    assert ({r["metric"] for r in first}, {r["metric"] for r in second}) == ({"rating"}, {"nps"})
