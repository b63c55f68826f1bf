"""Rows that programs hand over are read as a file's records are, but for guesses: types are taken at their word."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from cx.errors import InputError
from cx.facts.datasets import DATASETS
from cx.intake import plan, read, sample
from cx.intake.rows import understood

TICKET = {"ticket_id": "T1", "created_at": "2026-01-02"}
TYPED = {bool: lambda text: text == "true", int: int, float: float}


@pytest.mark.parametrize("name", DATASETS)
def test_the_same_records_as_json_and_as_csv_give_the_same_rows_and_keys(name: str) -> None:
    content = sample(name)
    types = DATASETS[name].types
    rows = [{c: TYPED.get(types[c], str)(v) if v else None for c, v in row.items()} for row in csv.DictReader(io.StringIO(content))]
    found = understood(name, rows)
    assert found.chunk.rejects == ()
    assert found.chunk.rows.to_pylist() == [r for c in read(plan(content.encode(), f"{name}.csv")) for r in c.rows.to_pylist()]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("replies", True, "is not a whole number"), ("replies", 1.5, "is not a whole number"), ("replies", "1,5", "is not a whole number"), ("replies", "many", "is not a whole number"), ("replies", -1, "is not a whole number"),
        ("satisfaction", "4,5", "is not a number"), ("satisfaction", float("inf"), "is not a number"), ("satisfaction", float("nan"), "is not a number"), ("satisfaction", False, "is not a number"), ("satisfaction", 1e300, "is beyond"), ("replies", 10**400, "is beyond"), ("satisfaction", "1e999", "is beyond"),
        ("satisfaction", "$5", "is not a number"), ("created_at", "02.01.2026", "is no moment"), ("created_at", "01/02/2026", "is no moment"), ("created_at", "2026-13-01", "is no moment"), ("created_at", "2026-02-30", "is no moment"),
        ("created_at", 1767312000, "is no moment"), ("created_at", "yesterday", "is no moment"), ("created_at", "0001-01-01", "is no moment"), ("created_at", "", "is empty"), ("created_at", None, "is empty"), ("ticket_id", "  ", "is empty"),
        ("subject", {"a": 1}, "is no single value"), ("subject", ["a"], "is no single value"), ("other", {"a": 1}, "is no single value"), ("subject", "x" * (1 << 20), "longer than"), ("", 1, "is no name"), ("n" * 201, 1, "is no name"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_rejects_its_row_alone_and_says_why(column: str, value: Any, reason: str) -> None:
    found = understood("tickets", [{**TICKET, column: value}, {**TICKET, "ticket_id": "T2"}]).chunk
    assert [(r.line, r.column[:40]) for r in found.rejects] == [(1, column[:40])]
    assert reason in found.rejects[0].reason
    assert found.rows["ticket_id"].to_pylist() == ["T2"]
    assert found.records == 2


@pytest.mark.parametrize("row", [1, "a", None, [], True, [1]])
def test_what_is_no_object_is_rejected(row: Any) -> None:
    found = understood("tickets", [row]).chunk
    assert (found.records, found.rows.num_rows, len(found.rejects)) == (1, 0, 1)


def test_moments_carry_their_offset_and_are_utc_without_one() -> None:
    texts = ["2026-01-02T10:00:00+02:00", "2026-01-02 08:00", "2026-01-02T08:00:00.000Z", "2026-01-02T03:00:00-0500"]
    rows = understood("tickets", [{"ticket_id": str(i), "created_at": text} for i, text in enumerate(texts)]).chunk.rows
    assert {str(at) for at in rows["created_at"].to_pylist()} == {"2026-01-02 08:00:00"}


def test_numbers_are_text_where_the_column_is_and_text_is_kept_as_it_is() -> None:
    hostile = ["=1+1", "@SUM(A1)", "<script>", "{{7*7}}", "'; DROP TABLE x", "a\x00b", "\ud800", "NA", "007"]
    rows = understood("tickets", [{**TICKET, "ticket_id": i, "subject": text} for i, text in enumerate(hostile)]).chunk.rows
    assert rows["ticket_id"].to_pylist() == [str(i) for i in range(9)]
    assert rows["subject"].to_pylist() == ["=1+1", "@SUM(A1)", "<script>", "{{7*7}}", "'; DROP TABLE x", "ab", "?", "NA", "007"]


def test_names_the_dataset_does_not_have_are_properties() -> None:
    found = understood("tickets", [{**TICKET, "Plan": "Pro", "seats": 3, "vip": True, "none": None}])
    assert found.properties == ("Plan", "none", "seats", "vip")
    assert json.loads(found.chunk.rows["properties"][0].as_py()) == {"Plan": "Pro", "seats": "3", "vip": "true"}
    with pytest.raises(InputError, match="201 others"):
        understood("tickets", [{f"n{i}": 1} for i in range(201)])


def test_a_row_without_an_identifier_says_the_same_whatever_stands_beside_it() -> None:
    anonymous = {"survey": "s", "metric": "nps", "score": 9, "answered_at": "2026-01-02"}

    def keys(*rows: dict[str, Any]) -> list[str]:
        return understood("responses", list(rows)).chunk.rows["key"].to_pylist()

    (alone,) = keys(anonymous)
    assert keys({**anonymous, "score": 3, "Plan": "Pro", "comment": "x"}, {**anonymous, "comment": None})[1] == alone
    assert keys({**anonymous, "a": 1}) != keys({**anonymous, "b": 1})
    two = keys(anonymous, anonymous)
    assert two[0] == alone
    assert two[1] != alone


def test_an_answer_belongs_to_a_survey_and_to_a_scale() -> None:
    rows = [{"metric": "nps", "score": 9}, {"survey": "s", "metric": "nps", "score": 11}, {"survey": "s", "metric": "ces", "score": 5}, {"survey": "s", "metric": "mood", "score": 5}, {"survey": "s", "metric": "nps"}]
    assert [r.reason.split(":")[0].split(" (also")[0] for r in understood("responses", rows).chunk.rejects] == [
        "is empty, and responses need a survey", "is outside the scale of its question", "is effort without a polarity", "is none of nps, ces, csat, rating, choice, text, invitation", "is empty, and a score question needs one",
    ]  # fmt: skip


def test_a_customer_without_a_number_is_known_by_the_address() -> None:
    rows = understood("tickets", [{**TICKET, "email": "Ann@Example.com"}, {**TICKET, "ticket_id": "T2", "customer_id": "C1", "email": "bob@example.com"}]).chunk.rows
    assert rows["customer_id"].to_pylist() == ["ann@example.com", "C1"]


def test_nothing_and_empty_rows_are_no_records_that_could_be_stored() -> None:
    assert understood("tickets", []).chunk.records == 0
    found = understood("tickets", [{}, {"subject": " "}, {"subject": None}]).chunk
    assert (found.records, dict(found.excluded), found.rows.num_rows) == (3, {"empty": 3}, 0)
