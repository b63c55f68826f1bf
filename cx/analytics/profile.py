"""One row per customer, with what the facts say of each: what segments are built from."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from cx.analytics.measure import Tables, naive
from cx.analytics.rfm import scored

KNOWN = ("segment", "persona", "industry", "country", "region", "size", "plan", "channel", "owner", "status", "consent", "joined_at", "left_at")
NUMBERS = {
    "orders": "orders", "order_days": "days since the last order", "revenue": "revenue from orders, in minor units of the one currency paid in",
    "recency": "recency of orders, fifth 1 to 5", "frequency": "frequency of orders, fifth 1 to 5", "money": "money spent, fifth 1 to 5",
    "tickets": "tickets", "complaints": "complaints", "events": "things done in the last 90 days", "nps": "latest answer from 0 to 10", "months": "months as a customer",
}  # fmt: skip


def profile(tables: Tables, as_of: datetime) -> ir.Table:
    """Attributes (`KNOWN`) and numbers (`NUMBERS`) of every customer in the list, as of a moment.

    Counts are 0 where nothing is known; `order_days`, `revenue`, `nps` and the fifths are empty. `revenue` is empty for
    customers who pay in several currencies. Only portable operations, so that it runs where the facts are.
    """
    moment = ibis.literal(naive(as_of), "timestamp(6)")
    recent = ibis.literal(naive(as_of) - timedelta(days=90), "timestamp(6)")
    people = tables["customers"]
    people = people.filter(people["customer_id"].notnull())
    base = people.select("customer_id", *KNOWN)
    bought = scored(tables["orders"], as_of)
    bought = bought.group_by("customer_id").aggregate(
        orders=bought["frequency"].sum(), order_days=bought["recency_days"].min(), _paid=bought["monetary_minor"].sum(), _currencies=bought.count(),
        recency=bought["r"].max(), frequency=bought["f"].max(), money=bought["m"].max(),
    )  # fmt: skip
    asked = tables["tickets"]
    asked = asked.filter(asked["created_at"] < moment)
    asked = asked.group_by("customer_id").aggregate(tickets=asked.count(), complaints=(asked["kind"] == "complaint").sum())
    done = tables["interactions"]
    done = done.filter(done["happened_at"] < moment, done["happened_at"] >= recent)
    done = done.group_by("customer_id").aggregate(events=done.count())
    said = tables["responses"]
    said = said.filter(said["metric"] == "nps", said["score"].notnull(), said["answered_at"] < moment)
    last = ibis.row_number().over(ibis.window(group_by=said["customer_id"], order_by=[said["answered_at"].desc(), said["key"]]))
    said = said.mutate(_last=last)
    said = said.filter(said["_last"] == 0).select("customer_id", nps="score")
    out = base
    for part in (bought, asked, done, said):
        out = out.left_join(part, "customer_id").drop("customer_id_right")
    days = moment.truncate("s").delta(out["joined_at"].truncate("s"), unit="second") / 86400
    return out.mutate(
        **{name: out[name].fill_null(0).cast("int64") for name in ("orders", "tickets", "complaints", "events")},
        revenue=ibis.ifelse(out["_currencies"] == 1, out["_paid"], None).cast("float64"), months=(days / 30.4375).cast("float64"),
    ).drop("_paid", "_currencies")  # fmt: skip
