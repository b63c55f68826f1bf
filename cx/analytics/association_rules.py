"""What is bought (or done) together: association rules of pairs, counted where the rows are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cx.analytics.estimate import Z95
from cx.analytics.frame import as_table
from cx.errors import MeasureError

COLUMNS = ["if", "then", "together", "support", "confidence", "confidence_low", "confidence_high", "lift", "leverage", "p"]


def association_rules(
    data: Any, basket: str, item: str, *, least_together: int = 5, least_support: float = 0.0, least_lift: float = 1.0
) -> pd.DataFrame:
    """Rules "who has A also has B" between pairs of items in a basket (an order, a customer).

    support = share of baskets with both; confidence = share of the baskets with A that have B, with Wilson's interval;
    lift = confidence / share of baskets with B: 1 where they have nothing to do with each other; leverage = support - expected
    support (shares in percent). `p`: one-sided hypergeometric (Fisher's exact), to be read with the number of rules in mind: it is
    adjusted by Benjamini and Hochberg. An item counts once a basket. Rules seen fewer than `least_together` times are left out.
    Sorted by lift, then count. Raises MeasureError for missing columns. Source: Agrawal, Imielinski & Swami (1993).

    >>> orders = {"order": [1, 1, 2, 2, 3, 4], "product": ["ink", "paper", "ink", "paper", "ink", "cup"]}
    >>> association_rules(orders, "order", "product", least_together=1)[["if", "then", "confidence", "lift"]].round(2).values.tolist()
    [['paper', 'ink', 100.0, 1.33], ['ink', 'paper', 66.67, 1.33]]
    """
    if least_together < 1:
        raise MeasureError("pairs must be seen once at least", f"found {least_together}", "correct it")
    table = as_table(data, needs=(basket, item))
    table = table.filter(table[basket].notnull() & table[item].notnull()).select(basket=table[basket], item=table[item].cast("string")).distinct()
    n = int(table["basket"].nunique().to_pyarrow().as_py() or 0)
    counts = table.group_by("item").aggregate(count=table.count())
    counts = counts.filter(counts["count"] >= least_together)
    frequent = table.semi_join(counts, "item")
    other = frequent.view()
    pairs = frequent.join(other, [frequent["basket"] == other["basket"], frequent["item"] < other["item"]]).select(
        first=frequent["item"], second=other["item"]
    )
    both = pairs.group_by(["first", "second"]).aggregate(together=pairs.count())
    both = both.filter(both["together"] >= least_together)
    found: pd.DataFrame = both.to_pandas()
    size: dict[str, int] = counts.to_pandas().set_index("item")["count"].to_dict()
    if found.empty or n == 0:
        return pd.DataFrame(columns=COLUMNS)
    turned = found.rename(columns={"first": "second", "second": "first"})
    rules = pd.concat([found, turned[["first", "second", "together"]]], ignore_index=True)
    first, second = (rules[name].map(size).to_numpy(float) for name in ("first", "second"))
    ab = rules["together"].to_numpy(float)
    confidence = ab / first
    center, half = (
        (confidence + Z95**2 / (2 * first)) / (1 + Z95**2 / first),
        Z95 / (1 + Z95**2 / first) * np.sqrt(confidence * (1 - confidence) / first + Z95**2 / (4 * first**2)),
    )
    p = stats.hypergeom.sf(ab - 1, n, first, second)
    out = pd.DataFrame(
        {"if": rules["first"], "then": rules["second"], "together": ab.astype(int), "support": 100 * ab / n, "confidence": 100 * confidence,
         "confidence_low": 100 * np.clip(center - half, 0, 1), "confidence_high": 100 * np.clip(center + half, 0, 1), "lift": confidence / (second / n),
         "leverage": 100 * (ab / n - first * second / n**2), "p": stats.false_discovery_control(np.clip(p, 0, 1))}
    )  # fmt: skip
    out = out[(out["support"] >= least_support) & (out["lift"] >= least_lift)]
    return out.sort_values(["lift", "together", "confidence", "if"], ascending=[False, False, False, True], ignore_index=True)
