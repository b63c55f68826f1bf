"""The frame of every page. `open_page` is the first line of each: without it a page would open without menu or sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.groups import GROUPS, SECTIONS
from cx.facts.filters import Filters
from cx.facts.history import Revision, revision
from cx.settings import ROOT
from cx.store.migrate import migrate
from cx.ui import filters as bar
from cx.ui.member import Member, require_member
from cx.ui.period import Period
from cx.ui.text import quiet
from cx.ui.turn import turn

NAME = "CX Blueprint"
ICON = ROOT / "cx" / "ui" / "icon.png"  # a symbol by name would be fetched from elsewhere


@dataclass(frozen=True)
class Place:
    """A page: its file under `pages/`, title, icon and section of the menu. `filtered` where the global filters apply, `listed` where the menu has it."""

    key: str
    file: str
    title: str
    icon: str
    section: str = ""
    filtered: bool = True
    listed: bool = True


PLACES: dict[str, Place] = {
    place.key: place
    for place in (
        Place("overview", "00_overview.py", "Overview", "space_dashboard"),
        Place("customers", "15_customers.py", "Customers", "person_search", filtered=False),
        *(Place(g.key, f"{g.number:02d}_{g.key}.py", g.title, g.icon, g.section) for g in GROUPS.values()),
        Place("churn", "16_churn.py", "Churn & retention", "group_remove", "Across"),
        Place("departments", "17_departments.py", "Departments", "corporate_fare", "Across"),
        Place("social", "18_social.py", "Social listening", "forum", "Across"),
        Place("blueprint", "11_blueprint.py", "Blueprint", "grid_on", "Across"),
        Place("strategy", "12_strategy.py", "Strategy", "flag", "Across"),
        Place("actions", "13_actions.py", "Actions", "task_alt", "Across"),
        Place("surveys", "21_surveys.py", "Surveys", "rate_review", "Across", filtered=False),
        Place("alerts", "19_alerts.py", "Alerts", "notifications", "Across", filtered=False),
        Place("data", "14_data.py", "Data", "upload_file", SECTIONS[-1], filtered=False),
        Place("members", "20_members.py", "Members", "group", SECTIONS[-1], filtered=False, listed=False),
    )
}


@dataclass(frozen=True)
class View:
    """What a page shows: the filters in force, the period compared with, the state of the facts, and who looks."""

    place: Place
    member: Member
    now: Revision
    filters: Filters
    period: Period
    before: Period | None
    versus: str
    last: datetime | None

    @property
    def compare(self) -> tuple[datetime, datetime] | None:
        """Bounds of the period compared with, as the scorecard wants them."""
        if self.before is None or self.before.start is None or self.before.end is None:
            return None
        return self.before.start, self.before.end


@lru_cache(maxsize=1)
def _pages() -> Mapping[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for place in PLACES.values():
        made = st.Page(ROOT / "pages" / place.file, title=place.title, icon=f":material/{place.icon}:", url_path=place.key, visibility="visible" if place.listed else "hidden")
        out.setdefault(place.section, []).append(made)
    # The address without a path shows the first page; that page also has a path of its own, so that its link can be shared.
    out[""].append(st.Page(ROOT / "pages" / PLACES["overview"].file, title="Home", url_path="home", default=True, visibility="hidden"))
    return out


def page(key: str) -> Any:
    """The page of a key, for links."""
    place = PLACES[key]
    return next(p for p in _pages()[place.section] if p.title == place.title)


def navigate() -> Any:
    """Declare the menu; the page that the address names."""
    return st.navigation(dict(_pages()), expanded=True)


_declared: ContextVar[bool] = ContextVar("declared", default=False)  # a run of the app declares the menu once, before its page


def run() -> None:
    """What `app.py` does: declare the menu and run the page. Without an icon of ours the menu's would be fetched from elsewhere."""
    st.set_page_config(NAME, page_icon=ICON, layout="wide", initial_sidebar_state=210)
    chosen = navigate()
    mark = _declared.set(True)
    try:
        with turn():
            chosen.run()
    finally:
        _declared.reset(mark)


def open_page(key: str) -> View:
    """Open a page: its title, the menu, sign-in, the store, the filters. Returns what the page should show."""
    place = PLACES[key]
    st.set_page_config(f"{place.title} · {NAME}", page_icon=ICON, layout="wide", initial_sidebar_state=210)
    if not _declared.get():
        navigate()
    migrate()
    member = require_member()
    now = revision()
    last = scorecard.latest(now)
    if not place.filtered:
        return View(place, member, now, Filters(), Period(None, None), None, "", last)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        heading = st.container(width="stretch")
        chosen = bar.show(now, last)
    view = View(place, member, now, chosen.filters, chosen.period, chosen.before, chosen.versus, last)
    with heading:
        title(view, "Customer experience" if key == "overview" else place.title)
    return view


def title(view: View, text: str) -> None:
    """The title and, in words, what is shown: period, comparison, filters, how far the data goes."""
    st.title(text, anchor=False)
    parts = [view.period.text if view.last or view.period.start else "no data yet"]
    if view.before:
        parts[0] += f", against {view.before.text}"
    parts += [f"{column} {', '.join(values)}" for column, values in view.filters.only]
    if view.filters.saved:
        parts.append(f"saved segment {' or '.join(name for name, _ in view.filters.saved)}")
    if view.last:
        parts.append(f"data through {bar.through(view.last)}")
    if view.now.demo:
        parts.append("demo company")
    quiet(" · ".join(parts))
