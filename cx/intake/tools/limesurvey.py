"""LimeSurvey: question codes or question texts as headers, a column per sub-question."""

from __future__ import annotations

import re

from cx.intake.tools.tool import Found, Rows, Rule, Source, Tool, columns, filled, named, shared
from cx.intake.words import likert, plain

CODES = ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl")
TEXTS = (
    "response id", "date submitted", "last page", "start language", "seed", "date started", "date last action",
    "antwort id", "datum abgeschickt", "datum abgeschlossen", "abgeschickt", "letzte seite", "start sprache", "startsprache", "zufallsstartwert", "datum gestartet",
    "datum letzte aktivitat", "id de la reponse", "date de soumission", "derniere page", "langue de depart", "tete de serie", "id de respuesta", "fecha de envio",
    "ultima pagina", "lenguaje inicial", "idioma inicial", "semilla", "id da resposta", "data de envio", "idioma de inicio",
)  # fmt: skip
SUB = re.compile(r"(.+?)\s*\[([^\[\]]*)\]\s*$", re.DOTALL)
SUBMITTED = ("submitdate", "date submitted", "datum abgeschickt", "datum abgeschlossen", "abgeschickt", "date de soumission", "fecha de envio", "data de envio")


def find(tool: Tool, rows: Rows) -> Found | None:
    """submitdate, lastpage, startlanguage or their long names; two rows of stems and items where the rest was cut away."""
    tokens = shared(tool.tokens, rows[0])
    telling = set(tokens) - {"id", "response id", "seed"}
    if len(telling) >= 2 or (len(tokens) >= 2 and telling):
        return Found(min(0.97, 0.6 + 0.1 * len(tokens)), "headers " + ", ".join(tokens[:6]), 1)
    if len(rows) > 3 and _stems(rows):
        return Found(0.6, "a row of questions above a row of items, answers in words", 2)
    return None


def _stems(rows: Rows) -> bool:
    top, sub = rows[0], rows[1]
    blank = sum(not c.strip() for c in top)
    whole = sum(bool(c.strip()) for c in sub)
    if len(top) < 4 or blank < 0.4 * len(top) or whole < 0.9 * len(sub):
        return False
    answers = {c.strip() for r in rows[2:40] for c in r if c.strip()}
    return bool(answers & {"Ja", "Nein", "Yes", "No", "Oui", "Non"}) or likert(answers) is not None


def lay(rows: Rows, count: int) -> tuple[Source, ...]:
    """"Stem [Item]" of neighbouring columns is one block."""
    if count == 2:
        return filled(rows, count)
    out, last, block = [], "", -1
    for s in columns(rows, count):
        found = SUB.match(s.text)
        stem, sub = (plain(found[1]), found[2]) if found else (s.text, "")
        if not found or stem != last:
            block = s.index
        last = stem
        out.append(Source(s.index, s.code, found[1].strip() if found else s.text, sub, block if found else -1))
    return named(out)


FIELDS = {
    "id": "response_id", "response id": "response_id", "antwort id": "response_id", "id de la reponse": "response_id", "id de respuesta": "response_id",
    "id da resposta": "response_id", **dict.fromkeys(SUBMITTED, "answered_at"),
    **dict.fromkeys(("lastpage", "last page", "letzte seite", "derniere page", "ultima pagina", "seed", "zufallsstartwert", "tete de serie", "semilla"), "ignore"),
    **dict.fromkeys(("startlanguage", "start language", "start sprache", "startsprache", "langue de depart", "lenguaje inicial", "idioma inicial", "idioma de inicio"), "language"),
    **dict.fromkeys(("startdate", "datestamp", "date started", "date last action", "datum gestartet", "datum letzte aktivitat", "ipaddr", "refurl", "ip address", "ip adresse", "referrer url", "referrer", "token", "access code", "zugangscode", "zugangsschlussel"), "ignore"),
    **dict.fromkeys(("email", "email address", "e mail adresse"), "email"),
}  # fmt: skip

LIMESURVEY = Tool(
    "limesurvey", "LimeSurvey", (*CODES, *TEXTS), FIELDS, find=find, lay=lay, missing=("N/A", "{if(is_empty"),
    rules=(Rule(SUBMITTED, ("", "1980-01-01 00:00:00", "1980-01-01", "1980 01 01 00 00 00", "n a"), "partial"),),
)  # fmt: skip
