"""How an event of a customer's story reads: an icon, a sentence, what they said, and who was there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cx.facts.story import KINDS
from cx.ui import format as words
from cx.ui.text import escape

SCALES = {"nps": "NPS", "ces": "Effort", "csat": "Satisfaction", "rating": "Rating"}
OWN = {"note": "Notes", "case": "Cases", "review": "Account reviews", "change": "Corrections"}
ALL = {**KINDS, **OWN}
ICONS = {
    "survey": "rate_review", "mention": "forum", "ticket": "support_agent", "deal": "handshake", "subscription": "autorenew", "order": "shopping_bag", "interaction": "touch_app",
    "campaign": "campaign", "step": "account_tree", "note": "edit_note", "case": "assignment_late", "review": "event", "change": "edit",
}  # fmt: skip
BAD_STATES = ("lost", "ends", "delivered late", "sent back", "no reply")
LONGEST = 1_200


def bad(event: Mapping[str, Any]) -> bool:
    """Whether the event is bad news: a complaint, a deal lost, a subscription that ended, a late or returned delivery, a low score."""
    place = on_scale(event)
    return event.get("metric") == "complaint" or event.get("state") in BAD_STATES or (event["kind"] == "survey" and place is not None and place <= (60 if event.get("metric") == "nps" else 40))


def on_scale(event: Mapping[str, Any]) -> float | None:
    """Where a score lies on its scale, 0 worst to 100 best; None where the scale is not known."""
    score, high = event.get("score"), event.get("high")
    low = event.get("low") if event.get("low") is not None else 0.0
    if score is None or high is None or low is None or high <= low:
        return None
    share = min(max((score - low) / (high - low), 0.0), 1.0) * 100
    return 100 - share if event.get("better") is False else share


def score(event: Mapping[str, Any]) -> str:
    """The score in words: NPS 3 of 10."""
    if event.get("score") is None:
        return ""
    name = SCALES.get(str(event.get("metric")), "") if event["kind"] == "survey" else "rated"
    return " ".join(part for part in (name, words.number(event["score"]), f"of {words.number(event['high'])}" if event.get("high") is not None else "") if part)


def sentence(event: Mapping[str, Any]) -> str:
    """What happened, in one line."""
    title = str(event.get("title") or KINDS.get(event["kind"], event["kind"]))
    kind, state = event["kind"], event.get("state")
    paid = words.money(event["amount"], event["currency"]) if event.get("amount") is not None and event.get("currency") else ""
    if kind == "survey":
        return ", ".join(part for part in (title, score(event) or state or str(event.get("detail") or "")) if part)
    if kind == "ticket":
        word = str(event.get("metric") or "ticket")
        return f"{word.capitalize()}: {title}" + (f", {state}" if state else "") + (f" on {words.day(event['until'])}" if event.get("until") and state in ("solved", "closed") else "") + (f", {score(event)}" if score(event) else "")
    if kind == "deal":
        return f"Deal {title} {state or 'opened'}" + (f", {paid}" if paid else "") + (f": {event['detail']}" if state == "lost" and event.get("detail") else "")
    if kind == "subscription":
        return f"Subscription {title} {state}" + (f" at {paid} a month" if paid else "") + (f": {event['detail']}" if event.get("detail") else "")
    if kind == "order":
        return f"Ordered {title}" + (f" for {paid}" if paid else "") + (f", {state}" if state else "") + (f" on {words.day(event['until'])}" if event.get("until") and state != "sent back" else "")
    if kind == "mention":
        return f"Wrote on {title}" + (f", {score(event)}" if score(event) else "") + (f", {state}" if state else "")
    if kind == "campaign":
        return f"{title}, led here by {event.get('detail')}"
    if kind == "step":
        return f"{event.get('detail')}: {title}" + (f", {state}" if state else "")
    return title + (f", {state}" if state else "") + (f", {paid}" if paid else "")


def line(event: Mapping[str, Any], account: str | None = None) -> str:
    """The event as Markdown of which every outside word is escaped: day, icon, sentence; what was said; who and where, in grey."""
    moment: datetime = event["at"]
    mark = ":red[" if bad(event) else ":blue["
    who = [str(event[name]) for name in ("place", "who") if event.get(name)]
    if account:
        who.append(f"account of {account}")
    meta = f" :gray[:small[{escape(' · '.join(who), 200)}]]" if who else ""
    words_said = escape(event["text"], LONGEST) if event.get("text") else ""
    said = f"  \n“{words_said}”" if words_said and event["kind"] in ("survey", "mention") else f"  \n{words_said}" if words_said else ""
    return f":gray[:small[{escape(words.day(moment))}]] {mark}:material/{ICONS.get(event['kind'], 'circle')}:] **{escape(sentence(event), 400)}**{meta}{said}"
