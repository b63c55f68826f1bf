"""What moved, and where: the findings as sentences beside the charts. Computed once for each state of the facts and filters."""

from __future__ import annotations

import logging
from concurrent.futures import Future

import streamlit as st

from cx.analytics.told import amount, gap, place, signed
from cx.findings import Happening, Moving, registered
from cx.search import awaited, search
from cx.store.engine import store_url
from cx.ui import kpi_link
from cx.ui.annotations import events
from cx.ui.page import View
from cx.ui.text import escape, quiet

HEADING = "**What moved, and where**"
SHOWN = 4
WAIT = 1.5  # seconds between two looks whether the search has ended
log = logging.getLogger(__name__)


def moved(view: View) -> Future[list[Moving]] | None:
    """The search for what moved in the period and filters of the page; None where no period or no comparison is chosen."""
    if view.compare is None or view.filters.start is None:
        return None
    happened = tuple(dict.fromkeys((*registered(), *(Happening(e.when, e.name) for e in events(view)))))
    return search(view.filters, view.compare, happened, view.now, store_url())


def show(view: View, shown: int = SHOWN) -> None:
    """The findings as sentences, the surest first; the rest behind a fold. While they are looked for, the rest of the page stands."""
    future = moved(view)
    if future is None or future.done():
        _found(future, shown)
    else:
        st.fragment(_waiting, run_every=WAIT)(future, shown)


def _waiting(future: Future[list[Moving]], shown: int) -> None:
    if future.done():
        st.rerun()  # once, so that the page stops asking
    st.markdown(HEADING)
    quiet("Testing every KPI in every place and pair of places; this takes some seconds …")


def _found(future: Future[list[Moving]] | None, shown: int) -> None:
    st.markdown(HEADING)
    if future is None:
        quiet("Choose a period and what to compare it with.")
        return
    try:
        found = awaited(future)
    except Exception:  # the rest of the page stands without it
        log.exception("the search for what moved failed")
        quiet("The search for what moved failed; the reason stands in the log. Reload the page to look again.")
        return
    if not found:
        quiet("Nothing moved more than chance would, with so many places looked at.")
        return
    for one in found[:shown]:
        _one(one)
    if len(found) > shown:
        rest = st.expander(f"{len(found) - shown} more", key="findings-rest", on_change="rerun")
        if rest.open:
            with rest:
                for one in found[shown:]:
                    _one(one)
    quiet("Corrected for all places looked at. Places and days, not causes.")


def _one(one: Moving) -> None:
    tone = {True: "green", False: "red", None: "gray"}[one.good]
    arrow = "↑" if one.change > 0 else "↓"
    head = f"**{escape(one.title)}** :{tone}[{arrow} **{escape(signed(one.change) + gap(one.unit))}**]"
    kpi_link.link(one.kpi, head + (f" in **{escape(place(one.where))}**" if one.where else " overall"), icon=None, help=escape(one.sentence, 900))
    quiet(detail(one))


def detail(one: Moving) -> str:
    """The line under a finding: from, to, interval, n, how much of the whole, since when, beside what."""
    parts = [f"{amount(one.before, one.unit)} → {amount(one.after, one.unit)}"]
    if one.low is not None and one.high is not None:
        parts.append(f"interval {signed(one.low)} to {signed(one.high)}")
    parts.append(f"n {one.n:,}")
    if one.where and one.points is not None and one.overall:
        inside = 0 < one.points / one.overall <= 1  # where other places moved the other way it is no part of the whole
        parts.append(f"{signed(one.points)} of {signed(one.overall)} overall" if inside else f"moves the whole by {signed(one.points)}")
    if one.mix is not None and one.mix_by and abs(one.mix) >= 0.1 * abs(one.change):
        parts.append(f"mix by {one.mix_by} {signed(one.mix)}")
    if one.without:
        parts.append(f"leaving out {' and '.join(one.without)}")
    if one.since:
        parts.append(f"since about {one.since.day} {one.since:%b}" + (f", at the same time as “{one.beside[0]}”" if one.beside else ""))
    return " · ".join(parts)
