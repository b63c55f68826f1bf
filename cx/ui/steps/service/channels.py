"""Channels: volume, reply time and satisfaction side by side, and whether customers come while we are open."""

from __future__ import annotations

import streamlit as st

from cx.blueprint.catalogue import kpi
from cx.records import promises as levels
from cx.records.lookup import records
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.remember import each
from cx.ui.tables import table
from cx.ui.text import escape, quiet
from cx.ui.weekly import arrivals, open_share


def show(view: View) -> None:
    """Draw the step."""
    if view.now.rows("tickets"):
        compared(view)
        opening(view)
    else:
        quiet("Channels are compared on tickets; there are none yet. Upload an export of your help desk on the Data page.")
    registers(view, "service-channels", "channel", "business_hours")


def compared(view: View) -> None:
    """Three measures, a dot a channel."""
    clock = levels.clock()
    volume = [r for r in readings.by(view, kpi("ticket_volume"), "channel") if r.estimate.value]
    volume.sort(key=lambda r: -(r.estimate.value or 0))
    total = sum(r.estimate.value or 0 for r in volume)
    left, middle, right = st.columns(3, gap="small")
    with left.container(border=True, height="stretch"):
        names = [str(r.key("channel") or readings.UNKNOWN) for r in volume]
        title = f"{names[0]} carries {words.value(100 * (volume[0].estimate.value or 0) / total, '%')} of {words.number(total, 0)} contacts" if volume else "No contacts in this period"
        moved = [f"{words.number(r.estimate.value, 0)} ({words.value(100 * (r.estimate.value or 0) / total, '%')})" + (f" · before {words.number(r.before.value, 0)}" if r.before and r.before.value else "") for r in volume]
        charts.bars("service-channels-volume", title, names, [r.estimate.value for r in volume], alt=title, texts=moved)
    with middle.container(border=True, height="stretch"):
        readings.compare_groups(view, kpi("first_response_median"), "channel", "service-channels-reply", options={"hours": clock} if clock else None)
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, kpi("service_satisfaction"), "channel", "service-channels-csat")
    if clock:
        quiet("Reply times are counted in opening hours.")


def opening(view: View) -> None:
    """How much of each channel's demand falls into the hours it is open."""
    clocks = {row.id: row for row in records("business_hours")}
    timed = [(channel, clocks[channel.hours_id]) for channel in records("channel", active=True) if channel.hours_id in clocks]
    asked = each(lambda pair: arrivals(view.now, view.filters, (("channel", pair[0].name),)), timed)
    rows = []
    for (channel, hours), found in zip(timed, asked, strict=True):
        clock = levels.hours_of(hours)
        share = open_share(found, clock) if clock is not None else None
        contacts = sum(n for _, n in found)
        rows.append({"channel": channel.name, "open": hours.name, "contacts": contacts, "while open": share, "while closed": None if share is None else round(contacts * (1 - share / 100))})
    if not rows:
        quiet("Give your channels opening hours below, and this shows how many contacts arrive while they are closed.")
        return
    worst = min((row for row in rows if row["while open"] is not None), key=lambda row: row["while open"] or 0, default=None)
    with st.container(border=True):
        st.markdown(f"**{words.value(100 - (worst['while open'] or 0), '%')} of contacts by {escape(worst['channel'])} arrive while it is closed**" if worst else "**Contacts and opening hours**")
        table(rows, "service-channels-open", units={"while open": "%"})
        quiet("Counted in the time zone of each set of hours, with its holidays and daylight saving.")
