"""Asking customers: who is meant, who is left out and why, then by mail or with a file of links."""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from cx.records.writing import update
from cx.reports import dispatch
from cx.reports.post import MISSING
from cx.settings import settings
from cx.surveys import audience, due, links, sending
from cx.surveys.audience import FRESH, Audience, Plan
from cx.surveys.results import Standing
from cx.ui import bench, export
from cx.ui import filters as bar
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.surveys import mailing, stopped
from cx.ui.surveys.form import first_answer, seen
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "surveys-ask"
NO_ADDRESS = "Nothing can be mailed: CX_PUBLIC_URL is not set, so the links in a mail would lead nowhere; set it to the address customers reach this server at, such as https://cx.example.com."
MOST = 1_000_000


def show(view: View, standing: Standing) -> None:
    """Who would be asked now, the button that does it, what was sent so far."""
    survey = standing.survey
    first_answer(view, survey)
    mailing.progress(view, standing)
    _links_made(survey)
    mail, wanted = _wanted(view, survey)
    why = sending.refusal(survey, mail, view.now)
    at = view.last if view.now.demo else None
    plan = audience.plan(survey, wanted, at, st.session_state.setdefault(f"{KEY}-seed-{survey.id}", secrets.randbits(32)), mail=mail, state=view.now)
    bench.headline(sentence(plan))
    if plan.left_out:
        rows = [{"left out because": reason, "customers": n} for reason, n in sorted(plan.left_out.items(), key=lambda pair: -pair[1])]
        table(rows, f"{KEY}-left", csv=False, alt=f"{sum(plan.left_out.values()):,} customers are left out")
    if survey.rest_days:
        quiet(f"Nobody is asked whom any survey asked within the last {words.plural(int(survey.rest_days), 'day')}; that is the survey's “Not again within”.")
    if plan.chosen and view.member.may("contributor"):
        box = st.expander("Who they are", icon=":material/group:", key=f"{KEY}-who", on_change="rerun")
        if box.open:
            with box:
                table([{"customer": p.customer, "name": p.name, "address": p.email, "segment": p.context.get("segment"), "about": p.event} for p in plan.chosen[:1_000]], f"{KEY}-people", csv=False)
    _deed(view, survey, plan, wanted, mail, why)
    _by_itself(view, survey, wanted)
    stopped.show(view)
    _log(survey)


def sentence(plan: Plan) -> str:
    """Who is asked of whom."""
    return f"{len(plan.chosen):,} of {plan.meant:,} customers would be asked now" if plan.meant else "Nobody is meant by this choice"


def _wanted(view: View, survey: Any) -> tuple[bool, Audience]:
    kept = audience.of(survey)
    known = list(dict.fromkeys(["", *([kept.event] if kept.event else []), *audience.events(view.now)]))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        event = st.selectbox("Whom", known, index=known.index(kept.event), format_func=lambda e: f"After: {e}, in the last {FRESH} days" if e else "All customers", key=f"{KEY}-event-{survey.id}", width=300)
        segments = list(dict.fromkeys([*kept.segments, *bar.values("segment", view.now)]))
        chosen = st.multiselect("Segments", segments, list(kept.segments), key=f"{KEY}-segments-{survey.id}", placeholder="All segments", width=260)
        most = st.number_input("A random sample of", 1, MOST, None, key=f"{KEY}-most-{survey.id}", placeholder="everybody", width=170)
        way = st.segmented_control("How", ["mail", "links"], default="mail", format_func={"mail": "By mail", "links": "A file of links"}.__getitem__, key=f"{KEY}-way-{survey.id}", required=True) or "mail"
    unknown = st.toggle("Also those of whom it is not known whether they agreed to be contacted", kept.unknown_consent, key=f"{KEY}-unknown-{survey.id}")
    return way == "mail", Audience(tuple(chosen), event, int(most) if most else None, None, unknown)


def _deed(view: View, survey: Any, plan: Plan, wanted: Audience, mail: bool, why: str) -> None:
    if why:
        quiet(why)
    elif mail and (not dispatch.ready() or not settings().public_url):
        quiet(NO_ADDRESS if dispatch.ready() else MISSING)
    elif not view.member.may("manager"):
        quiet("Asking customers needs the role of a manager.")
    elif plan.chosen:
        what = f"Send {words.plural(len(plan.chosen), 'invitation')}" if mail else f"Make {words.plural(len(plan.chosen), 'link')}"
        box = st.popover(what, icon=":material/send:" if mail else ":material/link:", key=f"{KEY}-confirm-{survey.id}", on_change="rerun")
        if box.open:
            with box:
                quiet("Each gets a mail in the language of the survey, with a link a score and one to be asked no more." if mail else "Each link belongs to one customer and is shown once, in a file. Who takes it is written into the audit log.")
                if st.button("Send now" if mail else "Make them", type="primary", key=f"{KEY}-now-{survey.id}"):
                    bench.saved(lambda: _done(view, survey, plan, wanted, mail), "The invitations are on their way" if mail else "The links are made")


def _done(view: View, survey: Any, plan: Plan, wanted: Audience, mail: bool) -> None:
    root = links.base() if mail else seen()
    note = {"event": wanted.event, "segments": list(wanted.segments), "sample": wanted.most, "seed": st.session_state.pop(f"{KEY}-seed-{survey.id}", 0)}
    made = sending.invite(survey, plan, bench.actor(view), mail=mail, note=note)
    if mail:
        mailing.start(root)
    else:
        rows = [{"customer": person.customer, "name": person.name, "address": person.email, "link": links.address(token, root)} for person, token in made.links]
        st.session_state[f"{KEY}-links-{survey.id}"] = export.to_csv(rows)


def _links_made(survey: Any) -> None:
    made = st.session_state.get(f"{KEY}-links-{survey.id}")
    if made is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            st.download_button("Take the links", made, export.file_name(f"links-{survey.name}", "csv"), export.CSV, icon=":material/download:", type="primary", key=f"{KEY}-take-{survey.id}", on_click="ignore")
            quiet("Only here and now: the store keeps no link that could be shown again.")


def _by_itself(view: View, survey: Any, wanted: Audience) -> None:
    """How the survey asks without anybody pressing a button."""
    box = st.expander("Ask by itself", icon=":material/schedule_send:", key=f"{KEY}-itself-{survey.id}", on_change="rerun")
    if not box.open:
        return
    names = {"by_hand": "No: by hand only", "on_event": "After the event chosen above", "on_schedule": "On a schedule, everybody chosen above", "to_a_sample": "On a schedule, a sample of them"}
    with box, st.form(f"{KEY}-itself-form-{survey.id}", border=False):
        quiet("The choice of whom, segments and consent above is kept with the survey. The command python -m cx surveys --due, run by cron, asks when it is time and mails what waits.")
        trigger = st.selectbox("Asks by itself", list(names), index=list(names).index(survey.trigger), format_func=names.__getitem__, key=f"{KEY}-trigger-{survey.id}")
        rhythm = st.selectbox("Rhythm of a schedule", list(due.RHYTHMS), index=due.RHYTHMS.index(due.rhythm(survey)), key=f"{KEY}-rhythm-{survey.id}")
        share = st.number_input("Sample, % of those who may be asked", 0.1, 100.0, survey.sample or 10.0, key=f"{KEY}-share-{survey.id}")
        if st.form_submit_button("Save", disabled=not view.member.may("manager")):
            values: dict[str, Any] = {
                "trigger": trigger, "event": wanted.event or survey.event if trigger == "on_event" else survey.event, "sample": share if trigger == "to_a_sample" else None,
                "design": {**(survey.design or {}), "rhythm": rhythm, "segments": list(wanted.segments), "unknown_consent": wanted.unknown_consent},
            }  # fmt: skip
            bench.saved(lambda: update("survey", survey.id, values, survey.version, bench.actor(view)), "Saved")
    when = due.next_due(survey)
    if when is not None:
        quiet("It asks at every run, whoever the event happened to since." if survey.trigger == "on_event" else f"It asks next at the first run after {words.moment(when)} UTC.")


def _log(survey: Any) -> None:
    log = due.sendings(survey.id)
    if log:
        bench.headline(f"Asked so far, the last time {words.moment(log[0]['at'])} UTC")
        rows = [{"when": one["at"], "by": one["actor"], "how": one.get("way"), "invited": one.get("invited"), "left out": sum((one.get("left_out") or {}).values()), "why": "; ".join(f"{reason}: {n:,}" for reason, n in (one.get("left_out") or {}).items())} for one in log]  # fmt: skip
        table(rows, f"{KEY}-log", csv=False)
