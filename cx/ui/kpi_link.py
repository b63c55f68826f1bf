"""The way from wherever a KPI is named to its panel on the page of its group."""

from __future__ import annotations

import streamlit as st

from cx.blueprint.catalogue import KPIS
from cx.ui.page import page
from cx.ui.text import escape

ASKED = "kpi"  # in the address: the KPI whose panel is open
DRAWN = "panelas"  # and how it is drawn there
CONTROL = "Control chart"


def link(key: str | None, label: str = "", *, icon: str | None = ":material/monitoring:", help: str | None = None) -> None:
    """A link to the panel of a KPI; nothing where there is no such KPI. `label` is Markdown."""
    if key in KPIS:
        st.page_link(page(KPIS[key].group), label=label or escape(KPIS[key].title), icon=icon, help=help, query_params={ASKED: key})


def control(key: str | None) -> None:
    """A link to the control chart of a KPI, where its panel shows whether it moved by more than it always does."""
    if key in KPIS:
        st.page_link(page(KPIS[key].group), label=escape(f"Control chart: {KPIS[key].title}"), icon=":material/ssid_chart:", query_params={ASKED: key, DRAWN: CONTROL})
