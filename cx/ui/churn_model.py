"""A churn model on a page: how good it was on later customers, what it goes by, whether its chances hold, and who is at risk now."""

from __future__ import annotations

from datetime import UTC

import streamlit as st

from cx.ui import bench, charts, snapshots
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "reporting-analysis"


def show(view: View) -> None:
    """Who is likely to leave within 90 days, by a model tested on later customers."""
    if not view.now.rows("customers") or view.last is None:
        quiet("A churn model learns from customers with the day they joined and left; there are none yet.")
        return
    if not st.toggle("Train the model", key="churnfit", bind="query-params", help="Takes some seconds; kept until the data changes."):
        quiet("Six snapshots of all customers are taken, 45 days apart; from each the model learns who left within the 90 days after. The latest are kept for testing.")
        return
    model, now = snapshots.churn(view.now, view.filters.between(None, None), view.last.astimezone(UTC).replace(tzinfo=None))
    if model is None or model.model is None:
        quiet(model.sentence if model else "No model: no customers.")
        return
    bench.headline(model.sentence)
    bench.tiles(f"{KEY}-churn", [("AUC on later customers", words.number(model.auc.value, 3), words.interval(model.auc.low, model.auc.high)), ("Lift of the top tenth", f"{model.lift:.1f} ×" if model.lift else words.MISSING, "left as often as all"),
                                 ("Brier score", words.number(model.brier, 4), f"{model.brier_of_base:.4f} when guessing the base rate" if model.brier_of_base else ""), ("Method", model.method, f"calibrated; tested from {model.split:%d %b %Y}")])  # fmt: skip
    for warning in model.warnings:
        quiet(warning)
    left, right = st.columns(2, gap="medium")
    with left:
        shown = model.importance.head(8)
        charts.bars(f"{KEY}-importance", f"{snapshots.FEATURES[shown['feature'].iloc[0]]} tells most", [snapshots.FEATURES[f] for f in shown["feature"]], [max(float(v), 0.0) for v in shown["importance"]], alt="Loss of AUC when a feature is shuffled", texts=[f"{v:.3f}" for v in shown["importance"]], note="loss of AUC when the feature is shuffled")
        bins = model.reliability
        charts.scatter(f"{KEY}-reliability", "Predicted and observed shares agree along the diagonal", [charts.Dot(f"bin {i + 1} (n {int(r['n'])})", float(r["predicted"]), float(r["observed"])) for i, (_, r) in enumerate(bins.iterrows())], alt="Calibration", x_title="predicted, %", y_title="left, %", height=260)
    with right:
        risky = now.sort_values("probability", ascending=False).head(200)
        bench.headline(f"{int((now['probability'] >= 3 * now['probability'].mean()).sum()):,} of {len(now):,} customers stand at three times the average risk or more")
        table(risky[["customer_id", "probability", "segment", "plan", "tenure", "tickets", "complaints", "low_scores", "orders"]], f"{KEY}-risky", titles={"probability": "leaves within 90 days, %", "low_scores": "low scores"}, height=430)
