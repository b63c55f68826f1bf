"""Open leads in the order of their chance to be won, and what that chance goes by."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cx.analytics.lead_score import LeadScore, lead_score
from cx.errors import MeasureError
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.page import View
from cx.ui.remember import remembered

FEATURES = ("source", "segment", "product", "country", "channel", "amount_minor")
NAMES = {"source": "source", "segment": "segment", "product": "product", "country": "country", "channel": "channel", "amount_minor": "amount"}


def learnt(view: View) -> tuple[LeadScore | None, str, pd.DataFrame]:
    """The score learnt from every decided lead of all time, why there is none, and the open leads with their score, the best first."""
    return _learnt(view.now, Filters(only=view.filters.only))


@remembered
def _learnt(now: Revision, filters: Filters) -> tuple[LeadScore | None, str, pd.DataFrame]:
    tables, _ = filters.apply(engine.tables())
    frame = engine.fetch(tables["deals"].select("deal_id", "name", "owner", "stage", "status", "currency", "created_at", *FEATURES), now=now).to_pandas()
    frame = frame[frame["created_at"].notna()]
    status = frame["status"].astype(str).str.lower()
    done = frame[status.isin(["won", "lost"])].assign(won=lambda f: f["status"].str.lower() == "won")
    used = [name for name in FEATURES if done[name].notna().any() and done[name].nunique() > 1 and (name != "amount_minor" or done["currency"].nunique() <= 1)]
    try:
        model = lead_score(done, "won", used, "created_at")
    except MeasureError as error:
        return None, str(error), pd.DataFrame()
    waiting = frame[status == "open"].copy()
    waiting["score"] = 100 * model.score(waiting)
    return model, "", waiting.sort_values(["score", "deal_id"], ascending=[False, True], ignore_index=True)


def said(feature: str) -> str:
    """A feature of the model in words: source_Partner is source Partner."""
    for name, word in NAMES.items():
        if feature.startswith(name):
            rest = feature[len(name) :].lstrip("_")
            return f"{word}: {'rare ones' if rest.startswith('infrequent') else rest}" if rest else word
    return feature


def because(model: LeadScore, row: dict[str, Any]) -> str:
    """The two traits of this lead that move its odds most."""
    odds = dict(zip(model.reasons["feature"], model.reasons["odds_ratio"], strict=True))
    mine = {f"{name}_{row[name]}": odds[f"{name}_{row[name]}"] for name in model.features if f"{name}_{row[name]}" in odds}
    strongest = sorted(mine.items(), key=lambda pair: -abs(pull(pair[1])))[:2]
    return ", ".join(f"{said(name)} {'+' if value > 1 else '-'}" for name, value in strongest)


def pull(value: Any) -> float:
    """The logarithm of an odds ratio: how far and which way it pulls."""
    return math.log(float(value)) if float(value) > 0 else 0.0
