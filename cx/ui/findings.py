"""What moved, and where: the findings as sentences beside the charts. Computed once for each state of the facts and filters."""

from __future__ import annotations

import logging
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from datetime import datetime
from functools import lru_cache
from multiprocessing import get_context

import streamlit as st

from cx.analytics.told import amount, gap, place, signed
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.findings import Happening, Moving, findings, registered
from cx.store.engine import store_url
from cx.ui.annotations import events
from cx.ui.page import View
from cx.ui.text import escape, quiet

HEADING = "**What moved, and where**"
SHOWN = 4
WAIT = 1.5  # seconds between two looks whether the search has ended
log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _worker() -> ProcessPoolExecutor:
    # In a process of its own, which ends with its search: looking everywhere is seconds of work, in which every page of
    # everybody would otherwise wait for its turn. One at a time, as a second one would only slow down the first.
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1)


@lru_cache(maxsize=64)
def _asked(filters: Filters, compare: tuple[datetime, datetime] | None, happened: tuple[Happening, ...], now: Revision, url: str) -> Future[list[Moving]]:
    return _worker().submit(findings, filters, compare, happened, now, url)


def moved(view: View) -> Future[list[Moving]] | None:
    """The search for what moved in the period and filters of the page; None where no period or no comparison is chosen."""
    if view.compare is None or view.filters.start is None:
        return None
    happened = tuple(dict.fromkeys((*registered(), *(Happening(e.when, e.name) for e in events(view)))))
    try:
        return _asked(view.filters, view.compare, happened, view.now, store_url())
    except BrokenExecutor:  # its process was killed; another one is started
        _worker.cache_clear()
        return _asked(view.filters, view.compare, happened, view.now, store_url())


def awaited(view: View) -> list[Moving]:
    """What moved, for what cannot go on without it (a report)."""
    future = moved(view)
    return future.result() if future is not None else []


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
        found = future.result()
    except Exception:
        _asked.cache_clear()  # what failed once may succeed when asked again
        log.exception("the search for what moved failed")
        quiet("The search for what moved failed; the reason stands in the log. Reload the page to look again.")
        return
    if not found:
        quiet("Nothing moved more than chance would, with so many places looked at.")
        return
    for one in found[:shown]:
        _one(one)
    if len(found) > shown:
        with st.expander(f"{len(found) - shown} more"):
            for one in found[shown:]:
                _one(one)
    quiet("Corrected for all places looked at. Places and days, not causes.")


def _one(one: Moving) -> None:
    tone = {True: "green", False: "red", None: "gray"}[one.good]
    arrow = "↑" if one.change > 0 else "↓"
    with st.container(gap=None):
        head = f"**{escape(one.title)}** :{tone}[{arrow} **{escape(signed(one.change) + gap(one.unit))}**]"
        st.markdown(head + (f" in **{escape(place(one.where))}**" if one.where else " overall"), help=escape(one.sentence, 900))
        quiet(detail(one))


def detail(one: Moving) -> str:
    """The line under a finding: from, to, interval, n, how much of the whole, since when, beside what."""
    parts = [f"{amount(one.before, one.unit)} → {amount(one.after, one.unit)}"]
    if one.low is not None and one.high is not None:
        parts.append(f"interval {signed(one.low)} to {signed(one.high)}")
    parts.append(f"n {one.n:,}")
    if one.where and one.points is not None and one.overall:
        parts.append(f"{signed(one.points)} of {signed(one.overall)} overall")
    if one.mix is not None and one.mix_by and abs(one.mix) >= 0.1 * abs(one.change):
        parts.append(f"mix by {one.mix_by} {signed(one.mix)}")
    if one.without:
        parts.append(f"leaving out {' and '.join(one.without)}")
    if one.since:
        parts.append(f"since about {one.since.day} {one.since:%b}" + (f", at the same time as “{one.beside[0]}”" if one.beside else ""))
    return " · ".join(parts)
