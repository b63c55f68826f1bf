"""A table of one of the datasets into rows: one row a record."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import polars as pl

from cx.facts.datasets import DATASETS
from cx.intake import amounts
from cx.intake.answers import DELIVERED, Problems
from cx.intake.cells import nothing, repeated, tidy
from cx.intake.keys import Occurrences, joined
from cx.intake.moments import moments
from cx.intake.plan import Column, Plan
from cx.intake.properties import objects
from cx.intake.scores import scores
from cx.intake.synonyms import INSTEAD
from cx.intake.words import EFFORT, RECOMMEND, SATISFIED, plain

POLARS: dict[type, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean, datetime: pl.Datetime("us")}
IDENTITY = {
    "customers": "customer_id", "responses": "response_id", "mentions": "mention_id", "interactions": "interaction_id", "tickets": "ticket_id", "deals": "deal_id",
    "subscriptions": "subscription_id", "orders": "order_id", "campaigns": "campaign", "measurements": "measurement_id", "step_runs": "case_id", "trainings": "training_id",
}  # fmt: skip
STATUS = {
    ("deals", "won"): "won closed won closedwon gewonnen gagne ganado ganada ganho true 1 yes",
    ("deals", "lost"): "lost closed lost closedlost verloren perdu perdido perdida abandoned",
    ("subscriptions", "ended"): "ended canceled cancelled expired churned inactive gekundigt incomplete expired non renewing ended",
    ("subscriptions", "trial"): "trial trialing in trial",
    ("subscriptions", "active"): "active aktiv past due unpaid non renewing live",
    ("tickets", "solved"): "solved resolved gelost done fixed",
    ("tickets", "closed"): "closed geschlossen ferme cerrado fechado",
    ("tickets", "pending"): "pending hold on hold waiting snoozed wartend",
    ("tickets", "open"): "open new offen neu in progress assigned active ouvert abierto aberto reopened",
}
LIMITS = {"nps": (0.0, 10.0), "ces": (1.0, 7.0), "csat": (1.0, 5.0)}
METRICS = ("nps", "ces", "csat", "rating", "choice", "text", "invitation")


def rows(plan: Plan, frame: pl.DataFrame, counts: Occurrences) -> tuple[pl.DataFrame, Problems, int]:
    """(rows, problems by column over the records given, 0: a record that gives no row is excluded before)."""
    dataset = DATASETS[plan.dataset]
    problems: Problems = []
    values: dict[str, pl.Series] = {}
    waiting: list[tuple[Column, pl.Series]] = []
    email = None
    for column in plan.columns:
        cells = frame[str(column.members[0])]
        if column.field == "email":
            email = tidy(cells).str.to_lowercase()
        if column.field not in dataset.types:
            continue
        if column.unit in ("minutes", "hours", "won"):
            waiting.append((column, cells))
            continue
        values[column.field], bad, reason = typed(plan, column, cells, dataset.types[column.field])
        problems.append((column, bad, reason))
    if email is not None and "customer_id" in dataset.types:
        known = values.get("customer_id")
        values["customer_id"] = email if known is None else known.zip_with(known.is_not_null(), email)
    if email is not None and "email" in dataset.types:
        values["email"] = email
    for (name_of, name), instead in INSTEAD.items():
        if name_of == plan.dataset and name not in values and instead in values:
            values[name] = values[instead]
    for name, value in plan.constants:
        values[name] = repeated(value, frame.height, pl.String)
    for column, cells in waiting:
        _derived(column, cells, values, problems)
    _money(plan, frame, values)
    table = pl.DataFrame(
        [values[name].cast(POLARS[kind]).alias(name) if name in values else repeated(None, frame.height, POLARS[kind], name) for name, kind in dataset.types.items()]
    )
    table = _settled(plan, table)
    if plan.dataset == "responses":
        table = _responses(plan, table, frame, problems)
    for name in dataset.required:
        column = next((c for c in plan.columns if c.field == name), None) or Column(name, name, name, ())
        problems.append((column, table[name].is_null(), f"is empty, and {plan.dataset} need a {name}"))
    table = table.with_columns(objects([(c.name, frame[str(c.members[0])]) for c in plan.columns if c.field == "property"], frame.height), frame["line"])
    identity = IDENTITY[plan.dataset]
    tokens = None
    if table[identity].null_count():
        tokens = counts.tokens([frame[str(i)] for i in range(plan.layout.columns)])
        if plan.dataset == "responses":
            table = table.with_columns(pl.coalesce("response_id", tokens))
            tokens = None
    table = table.with_columns(keyed(plan.dataset, table).alias("key"))
    if tokens is not None:
        table = table.with_columns(pl.when(pl.col(identity).is_null()).then(tokens).otherwise(pl.col("key")).alias("key"))
    bad = nothing(frame.height)
    for _, mask, _ in problems:
        bad = bad | mask.fill_null(False)
    return table.filter(~bad), problems, 0


def keyed(dataset: str, table: pl.DataFrame) -> pl.Expr:
    """The key of each row: the dataset's key columns, joined."""
    return joined([table[name] if table.schema[name] != pl.Datetime("us") else table[name].dt.to_string("%Y-%m-%dT%H:%M:%S%.6f") for name in DATASETS[dataset].key])


def typed(plan: Plan, column: Column, cells: pl.Series, kind: type) -> tuple[pl.Series, pl.Series, str]:
    """(values, cells at fault, what to say of them) of one column."""
    if kind is str:
        text = tidy(cells)
        if column.missing:
            text = text.set(text.is_in(list(column.missing)), None)
        if column.field == "language":
            text = text.str.to_lowercase().str.slice(0, 2)
        return text, nothing(len(cells)), ""
    if kind is datetime:
        values, bad = moments(cells, column.form, plan.zone, column.missing)
        return values, bad, "is no date as the rest of the column writes it"
    if kind is bool:
        if column.field == "delivered":
            words = tidy(cells).str.to_lowercase().str.replace_all("_", " ", literal=True)
            return words.replace_strict(list(DELIVERED), list(DELIVERED.values()), default=None, return_dtype=pl.Boolean), nothing(len(cells)), ""
        truth, bad = amounts.truths(cells)
        return truth, bad, "says neither yes nor no"
    if column.field in ("satisfaction", "rating"):
        cells = _worded(cells)
    values, bad = amounts.numbers(cells, column.form == ("comma",))
    if column.field in ("satisfaction", "rating", "score") and bad.any():
        read, worse = scores(cells)
        values, bad = values.zip_with(~bad, read), bad & worse
    if column.unit == "percent":
        values = values / 100
    if kind is int and not column.unit:
        bad = bad | (values != values.round(0)).fill_null(False)
    if column.field in ("impressions", "clicks", "visits", "leads", "conversions", "quantity", "sample_size", "replies", "reopens", "paused_minutes", "duration_seconds"):
        bad = bad | (values < 0).fill_null(False)
    return values, bad, "is not a number" if kind is float or column.unit else "is not a whole number of 0 or more"


def _worded(cells: pl.Series) -> pl.Series:
    """The words help desks use for satisfaction as numbers; offered but not given is no answer."""
    table = {"good": "1", "bad": "0", "good, i'm satisfied": "1", "bad, i'm unsatisfied": "0", "offered": "", "not offered": "", "unoffered": "", "goodwithcomment": "1", "badwithcomment": "0"}
    low = cells.str.strip_chars().str.to_lowercase()
    return cells.zip_with(~low.is_in(list(table)), low.replace(table))


def _derived(column: Column, cells: pl.Series, values: dict[str, pl.Series], problems: Problems) -> None:
    """Moments told as a stretch after the creation, and outcomes told as yes or no."""
    if column.unit == "won":
        won, _ = amounts.truths(cells)
        words = repeated("won", len(cells), pl.String).set(~won.fill_null(False), None)
        values.setdefault("status", words)
        return
    start = values.get("created_at")
    if start is None or column.field in values:
        return
    stretch, bad = amounts.numbers(cells, column.form == ("comma",))
    bad = bad | ~stretch.is_between(0, 1e8).fill_null(True)
    problems.append((column, bad, f"is not a number of {column.unit}"))
    seconds = stretch.set(bad, None) * (60 if column.unit == "minutes" else 3600)
    values[column.field] = start + (seconds * 1_000_000).cast(pl.Int64).cast(pl.Duration("us"))


def _money(plan: Plan, frame: pl.DataFrame, values: dict[str, pl.Series]) -> None:
    """Amounts become minor units of their currency."""
    fields = DATASETS[plan.dataset].types
    if "currency" not in fields:
        return
    money = [c for c in plan.columns if c.field.endswith("_minor")]
    currency = values.get("currency", repeated(None, frame.height, pl.String)).str.to_uppercase().str.strip_chars()
    if plan.currency:
        currency = currency.fill_null(plan.currency)
    if money:
        values["currency"] = currency
    for column in money:
        amount = values[column.field]
        if column.unit == "each" and "quantity" in values:
            amount = amount * values["quantity"].fill_null(1)
        if column.unit == "interval":
            interval = next((tidy(frame[str(c.members[0])]).str.to_lowercase() for c in plan.columns if plain(c.name) == "interval"), None)
            if interval is not None:
                months = interval.replace_strict(["year", "yearly", "annual", "month", "monthly", "week", "day", "quarter"], [12.0, 12.0, 12.0, 1.0, 1.0, 12 / 52, 12 / 365, 3.0], default=1.0)
                amount = amount / months.fill_null(1.0)
        values[column.field] = amounts.minor(amount, currency) if column.unit else amount.cast(pl.Int64, strict=False)


def _settled(plan: Plan, table: pl.DataFrame) -> pl.DataFrame:
    """Statuses in the dataset's own words, and dates that follow from them."""
    if "status" in table.columns and plan.dataset in ("deals", "subscriptions", "tickets"):
        words = {word: status for (dataset, status), text in STATUS.items() if dataset == plan.dataset for word in _phrases(text)}
        source = table["status"]
        if plan.dataset == "deals":
            source = source.zip_with(source.is_not_null(), table["stage"])
        seen = source.drop_nulls().unique().to_list()
        known = {text: words[plain(text)] for text in seen if plain(text) in words}
        known |= {text: status for text in seen for status in ("won", "lost") if plan.dataset == "deals" and text not in known and status in plain(text).split()}
        default = "open" if plan.dataset == "deals" else None
        status = source.replace_strict(list(known), list(known.values()), default=default, return_dtype=pl.String) if known else repeated(default, len(source), pl.String)
        if plan.dataset != "deals":
            status = status.zip_with(status.is_not_null(), source.str.to_lowercase())
        table = table.with_columns(status.alias("status"))
    if plan.dataset == "deals":
        is_open = pl.col("status") == "open"
        table = table.with_columns(
            pl.when(is_open).then(pl.coalesce("expected_close_at", "closed_at")).otherwise(pl.col("expected_close_at")).alias("expected_close_at"),
            pl.when(is_open).then(None).otherwise(pl.col("closed_at")).alias("closed_at"),
        )
    if plan.dataset == "tickets" and (column := next((c for c in plan.columns if c.field == "satisfaction"), None)) and "satisfaction_max" not in {c.field for c in plan.columns}:
        table = table.with_columns(pl.when(pl.col("satisfaction").is_not_null()).then(pl.lit(column.scale_max, dtype=pl.Float64)).alias("satisfaction_max"))
    if plan.dataset == "mentions" and (column := next((c for c in plan.columns if c.field == "rating"), None)) and "rating_max" not in {c.field for c in plan.columns}:
        table = table.with_columns(pl.when(pl.col("rating").is_not_null()).then(pl.lit(column.scale_max, dtype=pl.Float64)).alias("rating_max"))
    if plan.dataset == "orders":
        names = [n for n in ("ordered_at", "currency", "customer_id", "country", "channel", "delivered_at", "promised_at") if table[n].null_count() < table.height]
        table = table.with_columns([pl.col(n).fill_null(pl.col(n).drop_nulls().first().over("order_id")) for n in names]) if names else table
    if plan.dataset == "step_runs":
        table = table.with_columns(pl.coalesce("started_at", "ended_at").alias("started_at"))
    return table


def _phrases(text: str) -> list[str]:
    """Words, and pairs of neighbouring words, of a status row."""
    words = text.split()
    return words + [f"{a} {b}" for a, b in itertools.pairwise(words)]


def _responses(plan: Plan, table: pl.DataFrame, frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """Fill in what a metric implies (name, scale, polarity) and check scores against their scale."""
    spoken = table["metric"].str.to_lowercase()
    names = {text: next((m for m in METRICS if m in plain(text).split()), _named(plain(text))) for text in spoken.drop_nulls().unique().to_list()}
    metric = spoken.replace_strict(list(names), list(names.values()), default=None, return_dtype=pl.String) if names else spoken
    column = next(c for c in plan.columns if c.field == "metric")
    problems.append((column, metric.is_null() & spoken.is_not_null(), f"is none of {', '.join(METRICS)}"))
    limits = LIMITS | ({"csat": (0.0, 2.0)} if plan.tool == "hubspot-feedback" else {})
    given = next((c for c in plan.columns if c.field == "score"), None)
    if plan.options.scale and given is not None:
        limits |= dict.fromkeys(("ces", "csat", "rating"), plan.options.scale)
    low = metric.replace_strict(list(limits), [v[0] for v in limits.values()], default=None, return_dtype=pl.Float64)
    high = metric.replace_strict(list(limits), [v[1] for v in limits.values()], default=None, return_dtype=pl.Float64)
    table = table.with_columns(
        metric.alias("metric"), pl.col("survey").fill_null(plan.survey), pl.col("question").fill_null(metric),
        pl.coalesce("scale_min", low).alias("scale_min"), pl.coalesce("scale_max", high).alias("scale_max"),
    )  # fmt: skip
    polarity = plan.options.effort != "higher-is-worse"
    score_rows = table["metric"].is_in(["nps", "ces", "csat", "rating"]).fill_null(False)
    table = table.with_columns(
        pl.when(score_rows & pl.col("higher_is_better").is_null() & (pl.col("metric") != "ces" if not plan.options.effort and plan.tool == "generic" else pl.lit(True)))
        .then(pl.lit(True) if not plan.options.effort else pl.when(pl.col("metric") == "ces").then(polarity).otherwise(True))
        .otherwise(pl.col("higher_is_better")).alias("higher_is_better")
    )  # fmt: skip
    if given is not None:
        outside = (table["score"] < table["scale_min"]) | (table["score"] > table["scale_max"])
        nps = (table["metric"] == "nps").fill_null(False)
        wrong = nps & ((table["score"] < 0) | (table["score"] > 10) | (table["score"] != table["score"].floor())).fill_null(False)
        problems.append((given, outside.fill_null(False) | wrong, "is outside the scale of its question"))
        problems.append((given, score_rows & table["score"].is_null(), "is empty, and a score question needs one"))
        if not plan.options.effort and plan.tool == "generic":
            problems.append((column, ((table["metric"] == "ces") & table["higher_is_better"].is_null()).fill_null(False), "is effort without a polarity: fill higher_is_better or say --effort"))
    return table


def _named(text: str) -> str | None:
    if RECOMMEND.search(text) or "promoter" in text or "loyalty" in text:
        return "nps"
    if EFFORT.search(text) or "support" in text:
        return "ces"
    return "csat" if SATISFIED.search(text) or "customer satisfaction" in text else None
