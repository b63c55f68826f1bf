"""Tools that ask one question after an event: Delighted, HubSpot, Medallia, Touchpoints."""

from __future__ import annotations

from cx.intake.tools.tool import Found, Known, Rows, Rule, Tool, by_tokens
from cx.intake.words import plain


def delighted(tool: Tool, rows: Rows) -> Found | None:
    """A score, a comment and at least two headers that begin with Delighted, or its permalink."""
    cells = [plain(c) for c in rows[0]]
    own = [c for c in cells if c.startswith("delighted ")]
    if "score" in cells and (len(own) >= 2 or {"permalink", "comment"} <= set(cells)):
        return Found(0.95 if len(own) >= 2 else 0.75, "score, comment, " + ", ".join(own[:3] or ["permalink"]), 1)
    return None


DELIGHTED = Tool(
    "delighted", "Delighted", ("score", "comment", "permalink"),
    {
        "score": "nps", "comment": "comment", "permalink": "ignore", "response id": "response_id", "survey response id": "response_id", "email": "email",
        "person email": "email", "person id": "property", "created at": "answered_at", "survey response created at": "answered_at", "timestamp": "answered_at",
        "date": "answered_at", "responded at": "answered_at", "updated at": "ignore", "name": "ignore", "person name": "ignore", "phone number": "ignore",
        "first name": "ignore", "last name": "ignore", "delighted source": "channel", "delighted browser": "property", "delighted operating system": "property",
        "delighted device type": "property", "delighted link name": "property", "survey sent at": "invited_at", "locale": "language",
    },
    find=delighted, known={"score": Known("nps", 0, 10)}, rules=(Rule(("test",), ("true", "1", "yes"), "test"),),
)  # fmt: skip


def hubspot(tool: Tool, rows: Rows) -> Found | None:
    """Sentiment, rating and response beside the survey's name and type."""
    return by_tokens(tool, rows) if "survey type" in {plain(c) for c in rows[0]} else None


HUBSPOT_FEEDBACK = Tool(
    "hubspot-feedback", "HubSpot feedback", ("sentiment", "rating", "response", "survey name", "survey type", "submission date"),
    {
        "date": "answered_at", "submission date": "answered_at", "create date": "answered_at", "response date": "answered_at", "sentiment": "property",
        "rating": "score", "response": "comment", "survey name": "survey", "survey type": "metric", "survey channel": "channel", "submission id": "response_id",
        "response id": "response_id", "record id": "response_id", "email": "email", "contact email": "email", "contact": "property", "contact id": "customer_id",
        "survey submission id": "response_id",
    },
    find=hubspot, needs=3,
)  # fmt: skip

MEDALLIA = Tool(
    "medallia", "Medallia", ("request id", "request sent at", "request delivery status", "response received at", "star rating", "comments"),
    {
        "request id": "response_id", "request created at": "ignore", "request sent at": "invited_at", "request delivery status": "delivered",
        "response received at": "answered_at", "star rating": "csat", "comments": "comment", "request channel": "channel", "channel": "channel",
        "conversation id": "property", "agent id": "agent", "agent name": "agent", "customer id": "customer_id", "email": "email",
    },
    known={"star rating": Known("csat", 1, 5)}, zone="UTC",
)  # fmt: skip

TOUCHPOINTS = Tool(
    "touchpoints", "Touchpoints", ("external id", "question 1", "positive effectiveness", "positive ease", "positive efficiency", "positive other", "negative other", "question 4"),
    {
        "external id": "response_id", "question 1": "csat", "question 4": "comment", "id": "response_id", "created at": "answered_at", "page": "touchpoint",
        "user agent": "ignore", "referer": "ignore", "ip address": "ignore", "language": "language",
    },
    known={"question 1": Known("csat", 0, 1)}, needs=3, missing=("null", "NULL"), zone="UTC",
)  # fmt: skip
