from __future__ import annotations

from datetime import datetime

import ibis
import pandas as pd
import pytest

from cx.analytics.contract_cohort import as_contracts, contract_cohorts, standing
from cx.errors import MeasureError

JAN, FEB, MAR, APR = (datetime(2025, month, 1) for month in (1, 2, 3, 4))


def bills(*rows: tuple[str, int, datetime, datetime | None], currency: str = "EUR") -> pd.DataFrame:
    return pd.DataFrame([{"customer_id": who, "mrr_minor": mrr, "currency": currency, "started_at": start, "ended_at": end} for who, mrr, start, end in rows])


def test_a_cohort_keeps_those_who_pay_as_each_month_ends():
    data = bills(("a", 100, JAN, None), ("b", 100, JAN, datetime(2025, 2, 10)), ("c", 50, FEB, None))
    found = contract_cohorts(data, APR).set_index(["cohort", "since"])
    assert found.loc[(pd.Timestamp(JAN), slice(None)), "customers"].tolist() == [2, 1, 1]
    assert found.loc[(pd.Timestamp(JAN), slice(None)), "retention"].tolist() == [100, 50, 50]
    assert found.loc[(pd.Timestamp(FEB), slice(None)), "size"].tolist() == [1, 1]
    assert found["complete"].all()


def test_a_raised_price_lifts_revenue_above_a_hundred_percent_and_not_the_customers():
    data = bills(("a", 100, JAN, datetime(2025, 2, 15)), ("a", 150, datetime(2025, 2, 15), None))
    found = contract_cohorts(data, MAR)
    assert found[["retention", "revenue_retention"]].values.tolist() == [[100, 100], [100, 150]]


def test_who_left_within_the_first_month_counts_in_the_size_of_the_cohort():
    found = contract_cohorts(bills(("a", 100, JAN, None), ("b", 100, JAN, datetime(2025, 1, 9))), FEB)
    assert found[["size", "customers", "retention"]].values.tolist() == [[2, 1, 50]]


def test_who_comes_back_is_there_again_and_no_cohort_of_its_own():
    found = contract_cohorts(bills(("a", 100, JAN, datetime(2025, 2, 3)), ("a", 100, datetime(2025, 3, 5), None)), APR)
    assert found["customers"].tolist() == [1, 0, 1]
    assert found["cohort"].nunique() == 1


def test_a_month_that_is_not_over_is_marked():
    found = contract_cohorts(bills(("a", 100, JAN, None)), datetime(2025, 2, 20))
    assert found["complete"].tolist() == [True, False]


def test_customers_from_before_the_first_cohort_are_left_out():
    table = ibis.memtable(bills(("old", 100, JAN, None), ("new", 100, MAR, None)))
    found = standing(table, FEB, APR, "month").to_pandas()
    assert found["cohort"].tolist() == [pd.Timestamp(MAR)]


def test_customers_without_bills_form_cohorts_by_their_stay():
    people = ibis.memtable(pd.DataFrame({"customer_id": ["a", "b"], "joined_at": [JAN, JAN], "left_at": [None, datetime(2025, 2, 2)]}))
    found = standing(as_contracts(people), JAN, MAR, "month").to_pandas().sort_values("since")
    assert found["customers"].tolist() == [2, 1]


def test_currencies_are_not_added_up_and_nothing_gives_nothing():
    with pytest.raises(MeasureError, match="one currency"):
        contract_cohorts(pd.concat([bills(("a", 1, JAN, None)), bills(("b", 1, JAN, None), currency="USD")]), MAR)
    with pytest.raises(MeasureError, match="fortnight"):
        contract_cohorts(bills(("a", 1, JAN, None)), MAR, "fortnight")
    assert contract_cohorts(bills(("a", 1, JAN, None)).head(0).astype({"started_at": "datetime64[us]", "ended_at": "datetime64[us]", "mrr_minor": "int64"}), MAR).empty
