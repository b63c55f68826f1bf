"""The report as a PDF, set by Typst. The template is fixed; texts reach it as data and are never read as markup."""

from __future__ import annotations

import json

import typst

from cx.reports import wording
from cx.reports.page import foot, head
from cx.reports.report import Report
from cx.reports.spark import spark

TEMPLATE = r"""
#let r = json(bytes(sys.inputs.report))
#set document(title: r.title)
#set page(paper: "a4", margin: (x: 1.7cm, top: 1.6cm, bottom: 1.5cm), footer: context text(8pt, fill: rgb("#59636D"))[#r.title #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: ("Source Sans 3", "Libertinus Serif"), size: 9.5pt, fill: rgb("#1C2430"), lang: "en")
#set par(leading: 0.55em)
#let quiet(t) = text(8pt, fill: rgb("#59636D"), t)
#let tone(t, m) = text(fill: if m == "good" { rgb("#1B7F5C") } else if m == "bad" { rgb("#B3402A") } else { rgb("#1C2430") }, t)
#show heading.where(level: 1): set text(17pt)
#show heading.where(level: 2): it => block(above: 1.3em, below: 0.6em, text(11.5pt, weight: "bold", it.body))
= #r.title
#quiet(r.head)

#strong(r.summary)
#if r.findings.len() > 0 [
== What moved
#list(..r.findings.map(f => [#f]))
]
#if r.advice.len() > 0 [
== What to do next
#enum(..r.advice.map(f => [#f]))
]
#for s in r.sections [
== #s.title
#table(columns: (2.6fr, 1.5fr, 2.9fr, 1.3fr, 1.9fr, 2.4cm), stroke: (x, y) => (bottom: 0.4pt + rgb("#E6E9EB")), inset: (x: 3pt, y: 3.5pt), align: (left + horizon, right + horizon, left + horizon, right + horizon, right + horizon, left + horizon),
  table.header(quiet("KPI"), quiet("Value"), quiet("95 % interval, n"), quiet("Change"), quiet("Target"), quiet("12 months")),
  ..s.lines.map(l => (l.title, strong(l.value), quiet(l.range), tone(l.change, l.mood), [#l.target #tone(l.standing, l.tone)], if l.spark == "" { [] } else { image(bytes(l.spark), format: "svg", height: 13pt, alt: l.title + " by month") })).flatten())
]
#v(1em)
#quiet(r.foot)
#if r.link != "" { quiet(link(r.link, "Open what this shows")) }
"""


def paper(report: Report) -> bytes:
    """The file."""
    beside = {id(one): wording.against(one.estimate.value, one.target, one.estimate.unit) for _, section in report.sections for one in section}
    lines = [
        {"title": title, "lines": [
            {"title": one.title, "value": beside[id(one)][0], "range": " · ".join(p for p in (wording.interval(one.estimate), f"n {one.estimate.n:,}") if p),
             "change": wording.change(one.change), "mood": one.mood, "target": beside[id(one)][1],
             "standing": {True: "✓", False: "✗", None: ""}[one.met], "tone": {True: "good", False: "bad", None: ""}[one.met], "spark": spark(one.trend, one.target)}
            for one in section
        ]}
        for title, section in report.sections
    ]  # fmt: skip
    values = {"title": report.title, "head": head(report), "summary": report.summary, "findings": list(report.findings), "advice": list(report.advice), "sections": lines, "foot": foot(report), "link": report.link}
    return bytes(typst.compile(TEMPLATE.encode(), sys_inputs={"report": json.dumps(values)}))
