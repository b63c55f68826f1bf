"""Form tools with one header row: Google Forms, Microsoft Forms, Typeform, Tally, Formbricks."""

from __future__ import annotations

import re

from cx.intake.tools.tool import Found, Rows, Rule, Source, Tool, by_tokens, columns, filled, named, shared
from cx.intake.words import plain

STAMPS = ("timestamp", "zeitstempel", "marca temporal", "horodateur", "carimbo de data hora", "data hora", "informazioni cronologiche", "tijdstempel")
GRID = re.compile(r"(.{3,}?)\s*\[([^\]]+)\]\s*$", re.DOTALL)


def google(tool: Tool, rows: Rows) -> Found | None:
    """Weak: a first column named Timestamp in the sheet's language, and questions, or an e-mail column, after it."""
    first = plain(rows[0][0]) if rows[0] else ""
    if first not in STAMPS or len(rows[0]) < 2:
        return None
    asked = sum(len(c.split()) > 2 or "?" in c or bool(GRID.match(c)) for c in rows[0][1:])
    extra = shared(("email address", "username", "score", "e mail adresse", "adresse e mail", "direccion de correo electronico", "endereco de e mail"), rows[0])
    if not asked and not extra:
        return None
    return Found(0.7 if asked else 0.6, f"first column {rows[0][0].strip()}" + (f", {extra[0]}" if extra else "") + f", {asked} questions", 1)


def grids(rows: Rows, count: int) -> tuple[Source, ...]:
    """One header row in which "Question [Item]" is a grid or a multi-select."""
    sources = []
    for source in columns(rows, count):
        found = GRID.match(source.text)
        sources.append(Source(source.index, source.code, found[1], found[2]) if found else source)
    return tuple(sources)


GOOGLE = Tool(
    "google-forms", "Google Forms", STAMPS,
    dict.fromkeys(STAMPS, "answered_at")
    | dict.fromkeys(("email address", "username", "e mail adresse", "nutzername", "adresse e mail", "direccion de correo electronico", "endereco de e mail"), "email"),
    find=google, lay=grids,
)  # fmt: skip

MICROSOFT_FIELDS = {
    "id": "response_id", "start time": "ignore", "completion time": "answered_at", "email": "email", "name": "ignore", "language": "language",
    "startzeit": "ignore", "fertigstellungszeit": "answered_at", "e mail": "email", "hora de inicio": "ignore", "hora de finalizacion": "answered_at",
    "correo electronico": "email", "nombre": "ignore", "heure de debut": "ignore", "heure de fin": "answered_at", "adresse de messagerie": "email",
    "nom": "ignore", "hora de conclusao": "answered_at", "nome": "ignore", "last modified time": "ignore", "total points": "property", "quiz feedback": "property",
}  # fmt: skip


def microsoft(tool: Tool, rows: Rows) -> Found | None:
    """ID, then a start and a completion time side by side, in one of five languages."""
    head = [plain(c) for c in rows[0][:5]]
    if head[:1] != ["id"] or not any(MICROSOFT_FIELDS.get(h) == "answered_at" for h in head):
        return None
    return Found(0.93, "columns " + ", ".join(c.strip() for c in rows[0][:4]), 1)


MICROSOFT = Tool(
    "microsoft-forms", "Microsoft Forms", ("id", "start time", "completion time"), MICROSOFT_FIELDS,
    find=microsoft, lay=grids, missing=("anonymous", "Anonymous", "anonym", "anonyme", "anónimo", "anônimo"),
)  # fmt: skip

TYPEFORM_FIELDS = {
    "": "ignore", "start date utc": "ignore", "stage date utc": "ignore", "submit date utc": "answered_at", "network id": "ignore", "tags": "property",
    "ending": "property", "response type": "ignore", "token": "response_id", "submitted at": "answered_at",
}  # fmt: skip
TOKEN = re.compile(r"[0-9a-z]{16,40}")


def typeform(tool: Tool, rows: Rows) -> Found | None:
    """A # column of tokens and dates named as UTC; a lone # is not enough."""
    tokens = shared(tool.tokens, rows[0])
    if rows[0] and rows[0][0].strip() == "#" and tokens:
        return Found(0.97 if len(tokens) > 1 else 0.85, "#, " + ", ".join(tokens), 1)
    if len(tokens) >= 2 and ({"submit date utc", "response type"} <= set(tokens) or {"network id", "submit date utc"} <= set(tokens)):
        return Found(0.9, "headers " + ", ".join(tokens), 1)
    if len(rows) > 3 and len(rows[1]) > 2 and rows[1][0].strip() == "#" and not rows[0][0].strip() and all(TOKEN.fullmatch(r[0].strip()) for r in rows[2:6] if r):
        return Found(0.8, "# above tokens, below a row of questions", 2)
    return None


def typeform_columns(rows: Rows, count: int) -> tuple[Source, ...]:
    """The # column is the response; placeholders in headers are shortened."""
    sources = list(filled(rows, count) if count == 2 else columns(rows, count))
    tidy = [Source(s.index, re.sub(r"\{\{[^}]*\}\}", "…", s.code), re.sub(r"\{\{[^}]*\}\}", "…", s.text), s.sub, s.block) for s in sources]
    first = tidy[0]
    if first.code in ("#", "column 1"):
        tidy[0] = Source(first.index, "token", "token")
    return named(tidy)


TYPEFORM = Tool(
    "typeform", "Typeform", ("start date utc", "submit date utc", "network id", "response type", "stage date utc", "ending"), TYPEFORM_FIELDS,
    find=typeform, lay=typeform_columns, zone="UTC",
    rules=(Rule(("response type",), ("completed",), "partial", unless=True),),
)  # fmt: skip

TALLY = Tool(
    "tally", "Tally", ("submission id", "respondent id", "submitted at"),
    {"submission id": "response_id", "respondent id": "property", "submitted at": "answered_at", "email": "email"},
    find=lambda tool, rows: by_tokens(tool, rows) if "submission id" in shared(tool.tokens, rows[0]) else None, lay=grids,
)  # fmt: skip

NUMBERED = re.compile(r"^\d{1,3}\.\s+")


def formbricks(tool: Tool, rows: Rows) -> Found | None:
    """No., Response ID, Finished and Survey ID, then numbered headlines."""
    tokens = shared(tool.tokens, rows[0])
    if len(tokens) < 3 or not {"survey id", "formbricks id internal"} & set(tokens):
        return None
    return Found(0.95, "headers " + ", ".join(tokens[:5]), 1)


def formbricks_columns(rows: Rows, count: int) -> tuple[Source, ...]:
    """Headlines without their number."""
    return tuple(Source(s.index, s.code, NUMBERED.sub("", s.text)) for s in columns(rows, count))


FORMBRICKS = Tool(
    "formbricks", "Formbricks", ("no", "response id", "timestamp", "finished", "survey id", "formbricks id internal", "user id", "notes", "tags"),
    {
        "no": "ignore", "response id": "response_id", "timestamp": "answered_at", "finished": "ignore", "survey id": "property", "formbricks id internal": "ignore",
        "user id": "customer_id", "notes": "ignore", "tags": "property", "language": "language", "quotas": "ignore", "url": "property",
    },
    find=formbricks, lay=formbricks_columns, rules=(Rule(("finished",), ("no", "false", "0"), "partial"),),
)  # fmt: skip
