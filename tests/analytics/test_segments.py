"""Rules, clusters and what goes together."""

from __future__ import annotations

from datetime import UTC, datetime

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.association_rules import association_rules
from cx.analytics.clusters import clusters
from cx.analytics.segment_rules import OPERATORS, Condition, Rules, describe, members, parse, plain, predicate
from cx.errors import MeasureError
from cx.facts.datasets import DATASETS

PEOPLE = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d"], "plan": ["Pro", "free", None, "Team"], "orders": [5.0, 0, 2, None], "active": [True, False, True, None],
        "joined_at": pd.to_datetime(["2024-12-30", "2024-01-01", None, "2023-01-01"]).astype("datetime64[us]"),
    }
).astype({"plan": "string", "active": "boolean", "customer_id": "string"})  # fmt: skip
AS_OF = datetime(2025, 1, 1, tzinfo=UTC)


def found(*conditions: tuple[str, str, object], join: str = "all", negated: bool = False) -> str:
    rules = Rules(join, tuple(Condition(*c) for c in conditions), negated)
    return "".join(sorted(members(PEOPLE, rules, AS_OF).to_pandas()["customer_id"]))


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        (("plan", "=", "PRO"), "a"), (("plan", "!=", "pro"), "bd"), (("plan", "in", ["pro", "team"]), "ad"), (("plan", "not in", ["pro"]), "bd"), (("plan", "contains", "E"), "bd"),
        (("plan", "starts", "f"), "b"), (("plan", "ends", "am"), "d"), (("plan", "missing", None), "c"), (("plan", "present", None), "abd"), (("orders", ">", 1), "ac"),
        (("orders", "<=", "2"), "bc"), (("orders", "between", [1, 5]), "ac"), (("active", "=", True), "ac"), (("active", "=", "false"), "b"), (("joined_at", "within days", 30), "a"),
        (("joined_at", "older than days", 400), "d"), (("joined_at", ">=", "2024-01-01"), "ab"), (("plan", "in", []), ""), (("orders", "in", [0, 5]), "ab"),
    ],
)  # fmt: skip
def test_each_operator_selects_whom_it_says(condition: tuple[str, str, object], who: str) -> None:
    assert found(condition) == who


def test_groups_join_and_negate() -> None:
    assert found(("orders", ">", 1), ("plan", "missing", None)) == "c"
    assert found(("orders", ">", 1), ("plan", "=", "free"), join="any") == "abc"
    assert found(("orders", ">", 1), negated=True) == "bd"
    assert found() == "abcd"
    nested = parse(
        {
            "any": [
                {"all": [{"column": "plan", "operator": "=", "value": "pro"}, {"column": "orders", "operator": ">", "value": 9}]},
                {"column": "active", "operator": "=", "value": False},
            ]
        }
    )
    assert members(PEOPLE, nested).to_pandas()["customer_id"].tolist() == ["b"]
    assert describe(nested) == "(plan is pro and orders is above 9) or active is False"
    assert parse(plain(nested)) == nested


def test_every_operator_is_described() -> None:
    values = {"between": [1, 2], "in": [1], "not in": [1]}
    for operator in OPERATORS:
        assert describe(Rules("all", (Condition("x", operator, values.get(operator, 3)),), True)).startswith("not (x ")


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"some": []}, "either all or any"), ([], "group or a condition"), ({"all": [{"column": "plan", "operator": "~", "value": 1}]}, "operators"),
        ({"all": [{"column": "orders", "operator": "between", "value": 1}]}, "two values"), ({"all": [{"column": "orders", "operator": "in", "value": 1}]}, "list"),
        ({"all": [{"column": "orders", "operator": "=", "value": "many"}]}, "compares it with 'many'"), ({"all": [{"column": "gone", "operator": "=", "value": 1}]}, "column gone"),
        ({"all": [{"column": "orders", "operator": "contains", "value": "x"}]}, "must hold words"), ({"all": [{"column": "plan", "operator": "within days", "value": 3}]}, "must hold dates"),
        ({"all": [{"column": "orders", "operator": ">"}]}, "needs a value"), ({"all": [{"column": "joined_at", "operator": "within days", "value": "x"}]}, "number of days"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_read_are_refused(rules: object, reason: str) -> None:
    with pytest.raises(MeasureError, match=reason):
        members(PEOPLE, parse(rules), AS_OF)


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
def test_rules_compile_for_every_engine(dialect: str) -> None:
    table = DATASETS["customers"].unbound
    rules = parse(
        {"any": [{"column": "country", "operator": "contains", "value": "ger"}, {"column": "joined_at", "operator": "within days", "value": 30}]}
    )
    assert ibis.to_sql(table.filter(predicate(rules, table, AS_OF)), dialect=dialect)


def test_clusters_find_the_groups_they_were_made_from_and_name_them() -> None:
    rng = np.random.default_rng(1)
    centres = np.array([[0, 0], [1000, 1], [0, 8]])
    x = np.concatenate([rng.normal(c, [60, 0.6], (n, 2)) for c, n in zip(centres, (200, 100, 60), strict=True)])
    found = clusters({"revenue": x[:, 0], "tickets": x[:, 1], "constant": np.ones(360)}, ["revenue", "tickets", "constant"])
    assert found.k == 3
    assert found.profile["n"].tolist() == [200, 100, 60]
    assert "high revenue" in found.profile["name"].iloc[1]
    assert "high tickets" in found.profile["name"].iloc[2]
    assert found.silhouette is not None
    assert found.silhouette > 0.7
    assert found.stability is not None
    assert found.stability > 0.9
    assert "left out: constant" in found.warnings[0]
    assert found.profile["share"].sum() == pytest.approx(100)


def test_noise_is_called_weak() -> None:
    rng = np.random.default_rng(2)
    found = clusters(pd.DataFrame(rng.normal(size=(400, 6)), columns=list("abcdef")), list("abcdef"))
    assert "no clear groups" in found.warnings[0]


def test_rows_with_missing_features_have_no_cluster() -> None:
    frame = pd.DataFrame({"a": [1.0, None] + [1.0, 9.0] * 10})
    result = clusters(frame, ["a"])
    assert result.missing == 1
    assert np.isnan(result.labels.iloc[1])
    assert result.k == 2


def test_too_little_or_equal_data_is_one_cluster() -> None:
    assert clusters({"a": []}, ["a"]).k == 0
    assert clusters({"a": [1.0]}, ["a"]).k == 1
    assert "nothing varies" in clusters({"a": [1.0] * 50}, ["a"]).sentence
    assert clusters({"a": [1.0, 2.0] * 20}, ["a"], k=5).k <= 2
    assert clusters({"a": np.random.default_rng(1).exponential(size=100)}, ["a"], k=3, scaling="rank").k == 3
    with pytest.raises(MeasureError, match="need numbers"):
        clusters({"a": ["x"]}, ["a"])
    with pytest.raises(MeasureError, match="column b"):
        clusters({"a": [1]}, ["b"])


def test_association_rules_give_the_measures_of_a_table_worked_out_by_hand() -> None:
    baskets = [
        ["bread", "milk"],
        ["bread", "diapers", "beer", "eggs"],
        ["milk", "diapers", "beer", "cola"],
        ["bread", "milk", "diapers", "beer"],
        ["bread", "milk", "diapers", "cola"],
    ]
    rows = pd.DataFrame([(str(i), item) for i, items in enumerate(baskets) for item in [*items, items[0]]], columns=["order", "item"])
    rules = association_rules(rows, "order", "item", least_together=1).set_index(["if", "then"])  # Tan, Steinbach & Kumar, table 6.1
    beer = rules.loc[("beer", "diapers")]
    assert beer[["together", "support", "confidence", "lift"]].tolist() == pytest.approx([3, 60, 100, 1.25])
    assert rules.loc[("diapers", "beer"), "confidence"] == pytest.approx(75)
    assert ("milk", "beer") not in rules.index
    assert association_rules(rows.iloc[:0], "order", "item").empty
    assert association_rules(rows, "order", "item", least_together=4).empty


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from("abcd")), min_size=1, max_size=40))
def test_lift_is_the_same_in_both_directions_and_shares_stay_in_range(rows: list[tuple[int, str]]) -> None:
    rules = association_rules(pd.DataFrame(rows, columns=["b", "i"]), "b", "i", least_together=1, least_lift=0)
    both = rules.merge(rules, left_on=["if", "then"], right_on=["then", "if"])
    assert len(both) == len(rules)
    assert both["lift_x"].tolist() == pytest.approx(both["lift_y"].tolist())
    assert rules[["support", "confidence", "p"]].ge(0).all().all()
    assert rules[["support", "confidence"]].le(100 + 1e-9).all().all()
