"""The report as one HTML file: no script, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

from html import escape

from cx.reports import wording
from cx.reports.report import Line, Report
from cx.reports.spark import spark

STYLE = """
body{font:15px/1.5 "Source Sans 3","Source Sans Pro",system-ui,sans-serif;color:#1C2430;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}p.quiet,td.quiet{color:#59636D;font-size:.85rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid #E6E9EB;vertical-align:middle}
td.number,th.number{text-align:right;white-space:nowrap}.good{color:#1B7F5C}.bad{color:#B3402A}th{font-weight:600;color:#59636D;font-size:.85rem}
@media print{body{margin:0}}
"""


def page(report: Report) -> bytes:
    """The file."""
    def text(words: object) -> str:
        return escape(str(words), quote=True)

    parts = [f"<h1>{text(report.title)}</h1>", f'<p class="quiet">{text(head(report))}</p>', f"<p><strong>{text(report.summary)}</strong></p>"]
    for title, sentences in (("What moved", report.findings), ("What to do next", report.advice)):
        if sentences:
            parts.append(f"<h2>{title}</h2><ul>{''.join(f'<li>{text(s)}</li>' for s in sentences)}</ul>")
    for title, lines in report.sections:
        rows = "".join(_row(line, text) for line in lines)
        parts.append(f'<h2>{text(title)}</h2><table><thead><tr><th>KPI</th><th class="number">Value</th><th>95 % interval, n</th><th class="number">Change</th><th class="number">Target</th><th>12 months</th></tr></thead><tbody>{rows}</tbody></table>')
    parts.append(f'<p class="quiet">{text(foot(report))}</p>')
    if report.link:
        parts.append(f'<p class="quiet"><a href="{text(report.link)}">Open what this shows</a></p>')
    body = "".join(parts)
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{text(report.title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>'.encode()


def _row(line: Line, text: object) -> str:
    standing = {True: "✓ met", False: "✗ missed", None: ""}[line.met]
    tone = {True: "good", False: "bad", None: ""}[line.met]
    stands, goal = wording.against(line.estimate.value, line.target, line.estimate.unit)
    cells = [
        f"<td>{escape(line.title)}</td>", f'<td class="number"><strong>{escape(stands)}</strong></td>',
        f'<td class="quiet">{escape(" · ".join(p for p in (wording.interval(line.estimate), f"n {line.estimate.n:,}", line.estimate.warning) if p))}</td>',
        f'<td class="number {line.mood}">{escape(wording.change(line.change))}</td>', f'<td class="number">{escape(goal)} <span class="{tone}">{standing}</span></td>',
        f"<td>{spark(line.trend, line.target)}</td>",
    ]  # fmt: skip
    return f"<tr>{''.join(cells)}</tr>"


def head(report: Report) -> str:
    """Period, comparison and how far the data goes, in words."""
    return " · ".join(p for p in (report.period, f"against {report.versus}" if report.versus else "", f"data through {report.through:%d %b %Y}" if report.through else "") if p)


def foot(report: Report) -> str:
    """How to read it."""
    return " ".join((*(f"{n}." for n in report.notes), "A tick at a change says that chance alone would show it less than once in twenty times. Groups of few respondents are hidden."))
