"""Iteration: findings by version and severity, what was fixed in which version, and usability version by version."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.estimate import Estimate, difference
from cx.records.lookup import labels, records
from cx.ui import bench, charts, user_test
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

SEVERITY = ("critical", "major", "minor", "cosmetic")


def show(view: View) -> None:
    """Draw the workbench."""
    findings, tests = records("finding"), records("user_test")
    if not findings and not tests:
        quiet("Findings of user tests stand here, by the version in which they were found and mended. Enter the first below.")
        registers(view, "product-iteration", "finding", "user_test")
        return
    _finding(findings)
    left, right = st.columns(2, gap="medium")
    with left:
        _versions(findings)
    with right:
        _usability(tests)
    _open(view, findings)
    registers(view, "product-iteration", "finding", "user_test")


def _finding(findings: list[Any]) -> None:
    fixed = sum(f.status == "fixed" for f in findings)
    grave = [f for f in findings if f.status in ("open", "planned") and f.severity in ("critical", "major")]
    bench.headline(f"{fixed} of {len(findings)} findings are fixed" + (f"; {'1 grave one is' if len(grave) == 1 else f'{len(grave)} grave ones are'} open, first “{grave[0].title}”" if grave else "; no grave one is open"))


def _versions(findings: list[Any]) -> None:
    editions = sorted({f.edition for f in findings if f.edition})
    cells = [charts.Cell(s, f"version {e}", Estimate(float(n), n=n)) for s in SEVERITY for e in editions if (n := sum(f.severity == s and f.edition == e for f in findings)) or True]
    if cells:
        last = editions[-1]
        charts.heat("product-iteration-heat", f"Version {last} brought {sum(f.edition == last for f in findings)} findings, {sum(f.edition == last and f.severity in ('critical', 'major') for f in findings)} of them grave", cells, alt="Findings by severity and version", counts=False)
    done: dict[str, list[str]] = {}
    for f in findings:
        if f.fixed_in:
            done.setdefault(f.fixed_in, []).append(f.title)
    for edition in sorted(done):
        quiet(f"Fixed in version {edition}: {', '.join(done[edition][:4])}{' …' if len(done[edition]) > 4 else ''}")


def _usability(tests: list[Any]) -> None:
    sus: list[tuple[str, Estimate]] = []
    for t in sorted((t for t in tests if t.held_on), key=lambda t: t.held_on):
        e = user_test.usability(records("test_session", test_id=t.id))
        if e.value is not None:
            sus.append((f"Version {t.edition or '?'}: {t.name}", e))
    if not sus:
        quiet("No test has usability scores yet.")
        return
    title = f"SUS of {sus[-1][0]}: {words.estimate(sus[-1][1])}"
    if len(sus) > 1:
        change = difference(sus[0][1], sus[-1][1])
        title = f"Usability rose by {words.difference(change).removeprefix('+')}" if change.significant and (change.value or 0) > 0 else f"Usability fell: {words.difference(change)}" if change.significant else f"No change of usability can be shown: {words.difference(change)}"
    charts.dots("product-iteration-sus", title, [charts.Group(n, e) for n, e in sus], alt=title, unit="points", target=68.0)
    for name, e in sus:
        quiet(f"{name}: grade {user_test.grade(e)}")


def _open(view: View, findings: list[Any]) -> None:
    live = sorted((f for f in findings if f.status in ("open", "planned")), key=lambda f: (SEVERITY.index(f.severity), -(f.participants or 0)))
    if not live:
        return
    tests = labels("user_test")
    picked = table({"severity": [f.severity for f in live], "finding": [f.title for f in live], "affected": [f.participants for f in live], "found in": [f.edition for f in live], "test": [tests.get(f.test_id) for f in live],
                    "recommendation": [f.recommendation for f in live], "owner": [f.owner for f in live]}, "product-iteration-open", clicks=True, alt="Open findings, the gravest first")  # fmt: skip
    f = live[picked] if picked is not None and picked < len(live) else live[0]
    held = opened("finding", f, "product-iteration")
    form = Fields()
    with st.form(f"{held.key}-fix", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        edition = form("fixed_in", width=360).text_input(f"{escape(f.title)}: fixed in version", key=f"{held.key}-edition")
        if st.form_submit_button("Mark as fixed"):
            held.save({"status": "fixed", "fixed_in": edition or None}, bench.actor(view), f"{f.title} is fixed", form)
