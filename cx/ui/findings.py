"""What moved, and where: the findings as sentences beside the charts. Computed once for each state of the facts and filters."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from typing import Any

import streamlit as st

from cx.analytics.told import amount, gap, place, signed
from cx.errors import StoreError
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.findings import Happening, Moving, registered
from cx.settings import ROOT
from cx.store.engine import store_url
from cx.ui import kpi_link
from cx.ui.annotations import events
from cx.ui.page import View
from cx.ui.text import escape, quiet

HEADING = "**What moved, and where**"
SHOWN = 4
WAIT = 1.5  # seconds between two looks whether the search has ended
log = logging.getLogger(__name__)


# What the search's own process does: its answer goes out where it was born with, all else it may print goes to the log.
SEARCH = """
import os, pickle, sys
out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
from cx.findings import findings
out.write(pickle.dumps(findings(*pickle.load(sys.stdin.buffer))))
out.close()
"""


@lru_cache(maxsize=1)
def _worker() -> ThreadPoolExecutor:
    # one at a time: a second search would only slow down the first
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="what-moved")


def _search(*question: Any) -> list[Moving]:
    """Search in a process of its own: looking everywhere is seconds of work, in which every page of everybody would wait for its turn.

    Not by multiprocessing, which would first run the page again, taking it for the main program.
    """
    done = subprocess.run([sys.executable, "-c", SEARCH], input=pickle.dumps(question), capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False)  # fmt: skip
    if done.returncode:
        raise StoreError(f"The search for what moved ended early: {(done.stderr.decode(errors='replace').strip().splitlines() or ['no reason given'])[-1]}")
    found: list[Moving] = pickle.loads(done.stdout)  # our own process wrote it
    return found


@lru_cache(maxsize=64)
def _asked(filters: Filters, compare: tuple[datetime, datetime] | None, happened: tuple[Happening, ...], now: Revision, url: str) -> Future[list[Moving]]:
    return _worker().submit(_search, filters, compare, happened, now, url)


def moved(view: View) -> Future[list[Moving]] | None:
    """The search for what moved in the period and filters of the page; None where no period or no comparison is chosen."""
    if view.compare is None or view.filters.start is None:
        return None
    happened = tuple(dict.fromkeys((*registered(), *(Happening(e.when, e.name) for e in events(view)))))
    return _asked(view.filters, view.compare, happened, view.now, store_url())


def awaited(future: Future[list[Moving]] | None) -> list[Moving]:
    """What a search found, once it has ended; nothing where none was asked for. One that failed is forgotten, so that the next visit looks again."""
    try:
        return future.result() if future is not None else []
    except Exception:  # of any kind: a failure must not be kept as the answer
        _asked.cache_clear()
        raise


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
