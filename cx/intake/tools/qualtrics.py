"""Qualtrics: three header rows today, two in the legacy layout, fewer where people tidied the file."""

from __future__ import annotations

import re

from cx.intake.tools.tool import Found, Known, Rows, Rule, Source, Tool, named, shared
from cx.intake.words import plain

IMPORT_ID = re.compile(r"""^\s*\{\s*["']ImportId["']""")
LEGACY = re.compile(r"^V(\d{1,2})$")
OWN = (
    "start date", "end date", "status", "ipaddress", "progress", "duration in seconds", "finished", "recorded date", "response id",
    "recipient last name", "external reference", "external data reference", "location latitude", "distribution channel", "user language", "response set",
)  # fmt: skip


def find(tool: Tool, rows: Rows) -> Found | None:
    """Certain by the JSON of row 3, whatever the language of row 2; likely by the column names of row 1."""
    if len(rows) > 2 and sum(bool(IMPORT_ID.match(c)) for c in rows[2]) >= max(2, len(rows[2]) // 3):
        return Found(0.99, "third row holds ImportId codes", 3)
    if len(rows) > 1 and sum(bool(IMPORT_ID.match(c)) for c in rows[1]) >= max(2, len(rows[1]) // 3):
        return Found(0.98, "second row holds ImportId codes", 2)
    legacy = [c for c in rows[0] if LEGACY.match(c)]
    if len(legacy) >= 5:
        if len(rows) > 1 and len(shared(("response id", "response set", "start date", "end date", "finished"), rows[1])) >= 3:
            return Found(0.97, "columns V1 to V10 above ResponseID, ResponseSet", 2)
        return None
    tokens = shared(OWN, rows[0])
    if len(tokens) < 4 or not {"response id", "recorded date", "duration in seconds", "distribution channel", "response set"} & set(tokens):
        return None
    count = 2 if len(rows) > 1 and not _data(rows[0], rows[1]) else 1
    return Found(0.9, "headers " + ", ".join(tokens[:6]) + (", without the ImportId row" if count == 2 else ", without the rows of texts and codes"), count)


def _data(header: object, row: object) -> bool:
    """Whether a row under the header is a response: it has digits where a moment or number belongs."""
    for name, cell in zip(header, row, strict=False):  # type: ignore[call-overload]
        if plain(name) in ("start date", "end date", "recorded date", "progress", "duration in seconds") and cell.strip():
            return bool(re.match(r"\s*\d", cell))
    return bool(re.match(r"\s*R_\w+", next((c for n, c in zip(header, row, strict=False) if plain(n) == "response id"), "")))  # type: ignore[call-overload]


def zone(rows: Rows) -> str:
    """The zone that row 3 names for the dates."""
    found = re.search(r"""["']timeZone["']\s*:\s*["']([A-Za-z_/+-]{1,40}\d{0,2})["']""", " ".join(rows[2]) if len(rows) > 2 else "")
    return ("UTC" if found[1] == "Z" else found[1]) if found else ""


def lay(rows: Rows, count: int) -> tuple[Source, ...]:
    """Codes from row 1 (row 2 for the V columns of the legacy layout), question texts from row 2, "stem - item" split."""
    sources: list[Source] = []
    blocks: dict[tuple[str, str], int] = {}
    for i, code in enumerate(rows[0]):
        code = code.strip()
        text = rows[1][i].strip() if count > 1 and i < len(rows[1]) and not IMPORT_ID.match(rows[1][i]) else code
        if LEGACY.match(code):
            code = text
        sub = ""
        if (found := re.fullmatch(r"(.{8,}?)\s+-\s+(.+)|(.{8,}\S)-(\S.*)", text, re.DOTALL)) and re.search(r"_\d+(_TEXT)?$|_\d+_\d+$", code):
            text, sub = (found[1] or found[3]), (found[2] or found[4])
        # A text field stands anywhere among its question's options, and is a question of its own.
        block = blocks.setdefault((re.sub(r"_\d+$", "", code), text), i) if sub and not code.endswith("_TEXT") else -1
        sources.append(Source(i, code, text, sub, block))
    return named(sources)


FIELDS = {
    "start date": "ignore", "end date": "answered_at", "recorded date": "answered_at", "status": "ignore", "ipaddress": "ignore", "ip address": "ignore",
    "progress": "ignore", "duration in seconds": "property", "finished": "ignore", "response id": "response_id", "response set": "ignore",
    "recipient last name": "ignore", "recipient first name": "ignore", "recipient email": "email", "email address": "email", "name": "ignore",
    "external reference": "customer_id", "external data reference": "customer_id", "location latitude": "ignore", "location longitude": "ignore",
    "location accuracy": "ignore", "distribution channel": "channel", "user language": "language",
}  # fmt: skip

QUALTRICS = Tool(
    "qualtrics",
    "Qualtrics",
    OWN,
    FIELDS,
    find=find,
    lay=lay,
    zone_in=zone,
    rules=(
        Rule(("status",), ("1", "9", "17", "survey preview", "survey preview spam", "offline survey preview", "umfragevorschau"), "preview"),
        Rule(("status",), ("2", "survey test", "umfragetest"), "test"),
        Rule(("status",), ("8", "12", "spam", "possible spam"), "spam"),
        Rule(("finished",), ("0", "false", "falsch", "faux", "falso"), "partial"),
    ),
    known={"nps": Known("nps", 0, 10)},
    missing=("-99", "-97"),
)
