"""Forecast: months ahead from history, by the method that did best in the past, beside the weighted pipeline and the quota."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import streamlit as st

from cx.analytics.forecast import Forecast, forecast
from cx.errors import MeasureError
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui import charts, deals
from cx.ui import format as words
from cx.ui.bench import headline, tiles
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.tables import table
from cx.ui.text import quiet

KEPT = ("quota", "target")
METHODS = {"mean": "the mean", "drift": "the drift", "naive": "the last month carried on", "seasonal naive": "last year's month"}


@remembered
def foreseen(now: Revision, filters: Filters, values: tuple[float, ...], first: str, horizon: int) -> Forecast:
    """The forecast of a monthly series that begins in `first`."""
    return forecast(pd.Series(values, index=pd.period_range(first, periods=len(values), freq="M")), horizon)


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("deals"):
        quiet("A forecast needs deals with an amount and a closing date; there are none yet. Upload an export of your CRM on the Data page.")
        registers(view, "sales-forecasting", *KEPT)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        codes = deals.currencies(view)
        code = st.selectbox("Currency", codes, key="sales-forecasting-currency", width=110) if len(codes) > 1 else (codes or [""])[0]
        horizon = st.segmented_control("Months ahead", [3, 6, 12], format_func=lambda n: f"{n} months", default=6, key="ahead", bind="query-params", required=True, label_visibility="collapsed") or 6
    history = deals.won_by_month(view, code)
    try:
        found = foreseen(view.now, Filters(only=view.filters.only), tuple(history), str(history.index[0]) if len(history) else "2000-01", int(horizon))
    except MeasureError as error:
        quiet(str(error))
        registers(view, "sales-forecasting", *KEPT)
        return
    held = weighted(view, code)
    ahead = [(row.period, row.value, row.low, row.high) for row in cast(Any, found.frame).itertuples()]
    plan = {period: deals.planned(view, code, period) for period in [*history.index[-18:], *(p for p, *_ in ahead)]}
    numbers(view, code, found, ahead, held, plan)
    points = [charts.Expected(period.start_time.date(), actual=float(value), plan=plan.get(period)) for period, value in cast(Any, history.iloc[-18:]).items()]
    points += [charts.Expected(p.start_time.date(), None, v, low, high, held["months"].get(p), plan.get(p)) for p, v, low, high in ahead]
    left, right = st.columns([7, 4], gap="small")
    with left.container(border=True, height="stretch"):
        title = winner(found)
        charts.outlook("sales-forecasting-outlook", title, points, alt=f"{title}. Won by month and forecast for {horizon} months", unit=code)
    with right.container(border=True, height="stretch"):
        backtest(found, code)
    stages(held, code)
    registers(view, "sales-forecasting", *KEPT)


def winner(found: Forecast) -> str:
    """Which method won the back-test, and by how much."""
    errors = found.errors
    if errors.empty:
        return "Too little history to compare methods: the mean is carried on"
    ratio = errors["vs_seasonal_naive"].iloc[0]
    if ratio is None or pd.isna(ratio):
        return f"{found.method.capitalize() if found.method.islower() else found.method} did best in the back-test"
    if found.method == "seasonal naive":
        second = errors.iloc[1] if len(errors) > 1 else None
        return "Last year's month is the best forecast there is" + (f": {METHODS.get(second['method'], second['method'])} errs {words.value(100 * (second['mae'] / errors['mae'].iloc[0] - 1), '%')} more" if second is not None else "")
    return f"{found.method} won the back-test: it errs {words.value(100 * (1 - ratio), '%')} less than last year's month"


def backtest(found: Forecast, code: str) -> None:
    """The methods by their error on months they had not seen."""
    errors = found.errors
    if errors.empty:
        headline("No back-test")
        quiet(found.warning)
        return
    best = errors["mae"].iloc[0]
    title = f"Mean error {words.money(best, code)} a month"
    tones = ["" if method == found.method else "context" for method in errors["method"]]
    texts = [f"{words.money(row.mae, code)}" + (f" · {words.value(100 * row.vs_seasonal_naive, '%')}" if row.vs_seasonal_naive is not None and row.vs_seasonal_naive == row.vs_seasonal_naive else "") for row in cast(Any, errors).itertuples()]
    charts.bars("sales-forecasting-errors", title, list(errors["method"]), [float(v) for v in errors["mae"]], unit=code, tones=tones, texts=texts, alt=f"{found.method} errs least",
                note=f"Mean absolute error over rolling origins ({int(errors['n'].iloc[0])} forecasts each); percent of the seasonal naive one's. ETS(error, trend, season): A additive, M multiplicative, d damped, N none.")  # fmt: skip
    if found.warning:
        quiet(found.warning)


def weighted(view: View, code: str) -> dict[str, Any]:
    """The open deals weighed by the chance of their stage: by month of expected close, and by stage."""
    chances = deals.chances(view)
    months: dict[pd.Period, float] = {}
    stages: dict[str, dict[str, Any]] = {}
    for row in deals.open_by_month(view, code):
        chance, n, source = chances.get(row["stage"], (0.0, 0, "no history: counted as 0"))
        if row["month"] is not None:
            period = pd.Period(row["month"], freq="M")
            months[period] = months.get(period, 0.0) + row["total"] * chance
        stage = stages.setdefault(str(row["stage"]), {"deals": 0, "total": 0.0, "chance": chance, "rests": n, "source": source})
        stage["deals"] += row["n"]
        stage["total"] += float(row["total"])
    return {"months": months, "stages": stages}


def numbers(view: View, code: str, found: Forecast, ahead: list[Any], held: dict[str, Any], plan: dict[Any, float | None]) -> None:
    """The next months in four numbers: forecast, pipeline, quota, gap."""
    total = sum(v for _, v, _, _ in ahead)
    spread = sum(((high - low) / 2) ** 2 for _, _, low, high in ahead) ** 0.5
    pipeline = sum(v * s["chance"] for s in held["stages"].values() for v in [s["total"]])
    due = sum(held["months"].get(p, 0.0) for p, *_ in ahead)
    quota = [plan[p] for p, *_ in ahead if plan.get(p)]
    wanted = sum(q or 0 for q in quota)
    gap = total - wanted if len(quota) == len(ahead) else None
    tiles("sales-forecasting-tiles", [
        (f"Forecast, {len(ahead)} months", words.money(total, code), f"about {words.interval(max(total - spread, 0), total + spread, code)}, months taken as independent"),
        ("Weighted pipeline", words.money(pipeline, code), f"{words.money(due, code)} of it expected to close in these months"),
        ("Quota", words.money(wanted, code) if quota else words.MISSING, f"set for {len(quota)} of {len(ahead)} months" if quota else "no quota is set for these months: add it below"),
        ("Gap to quota", words.money(gap, code) if gap is not None else words.MISSING, "forecast less quota" if gap is not None else "needs a quota for every month"),
    ])  # fmt: skip


def stages(held: dict[str, Any], code: str) -> None:
    """What the weighted pipeline is made of."""
    if not held["stages"]:
        return
    ranked = sorted(held["stages"].items(), key=lambda pair: pair[1]["chance"])
    with st.container(border=True):
        biggest = max(ranked, key=lambda pair: pair[1]["total"] * pair[1]["chance"])
        headline(f"{biggest[0]} holds most of the weighted pipeline: {words.money(biggest[1]['total'] * biggest[1]['chance'], code)}")
        data = {"Stage": [escape_none(name) for name, _ in ranked], "Open deals": [s["deals"] for _, s in ranked], "Amount": [s["total"] for _, s in ranked], "Chance to win": [100 * s["chance"] for _, s in ranked],
                "Weighted": [s["total"] * s["chance"] for _, s in ranked], "rests on deals": [s["rests"] for _, s in ranked], "from": [s["source"] for _, s in ranked]}  # fmt: skip
        table(data, "sales-forecasting-stages", units={"Amount": code, "Weighted": code, "Chance to win": "%"})


def escape_none(name: str) -> str:
    """A stage's name; unknown where it has none."""
    return "unknown" if name == "None" else name


