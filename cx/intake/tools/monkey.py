"""SurveyMonkey: two header rows, the question only above the first column of its block."""

from __future__ import annotations

from cx.intake.tools.tool import Found, Rows, Tool, filled, shared
from cx.intake.words import plain

TOKENS = ("respondent id", "collector id", "start date", "end date", "date created", "date modified", "ip address", "email address", "first name", "last name", "custom data 1")
UNDER = {"response", "open ended response", "open ended"}


def find(tool: Tool, rows: Rows) -> Found | None:
    """Known by Respondent ID above a row of Response and option labels; contact columns are optional."""
    if len(rows) < 2:
        return None
    tokens = shared(TOKENS, rows[0])
    second = [plain(c) for c in rows[1]]
    under = sum(c in UNDER for c in second)
    if "respondent id" in tokens and (under or not second[0]) and not _answer(rows, tokens):
        why = "Respondent ID above " + (f"{under} columns named Response" if under else "a row of option labels")
        return Found(0.96 if under and len(tokens) > 1 else 0.9 if under else 0.75, why, 2)
    return Found(0.75, "a row of questions above a row of Response", 2) if under >= 3 and any(not c.strip() for c in rows[0][1:]) else None


def _answer(rows: Rows, tokens: list[str]) -> bool:
    at = next(i for i, c in enumerate(rows[0]) if plain(c) == "respondent id")
    return at < len(rows[1]) and rows[1][at].strip().isdigit()


MONKEY = Tool(
    "surveymonkey",
    "SurveyMonkey",
    TOKENS,
    {
        "respondent id": "response_id", "collector id": "property", "start date": "ignore", "end date": "answered_at", "date created": "ignore",
        "date modified": "answered_at", "ip address": "ignore", "email address": "email", "first name": "ignore", "last name": "ignore",
        "custom data 1": "property", "collector name": "channel", "language": "language", "collector": "channel",
    },
    find=find,
    lay=filled,
    dates="mdy",
    missing=("N/A",),
)  # fmt: skip
