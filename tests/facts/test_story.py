"""The story of one customer: every fact an event, the latest first, a page at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cx.facts import batches, engine, story
from cx.facts.history import revision
from tests.facts.rows import answer, part

DAY = datetime(2026, 3, 1)


def load(name, rows, url):
    batches.load(name, lambda: [part(name, rows)], batches.Origin(source="a.csv"), url)


@pytest.fixture
def told(store):
    """One customer with a fact of every kind, another with one, and the state of the facts."""
    load("responses", [answer("r", 3, DAY, customer_id="C1", comment="Parcel came LATE"), answer("s", 9, DAY, customer_id="C2")], store)
    load("tickets", [{"key": "t", "ticket_id": "t", "customer_id": "C1", "subject": "Where is it?", "kind": "complaint", "created_at": DAY + timedelta(days=1), "agent": "Mia"}], store)
    load("deals", [{"key": "d", "deal_id": "d", "customer_id": "C1", "name": "Big one", "created_at": DAY, "closed_at": DAY + timedelta(days=9), "status": "lost", "lost_reason": "price", "amount_minor": 5000, "currency": "EUR"}], store)
    load("subscriptions", [{"key": "u", "customer_id": "C1", "plan": "Home", "started_at": DAY - timedelta(days=400), "ended_at": DAY + timedelta(days=20), "cancel_reason": "moved"}], store)
    load("orders", [{"key": "o", "order_id": "o", "customer_id": "C1", "product": "Beans", "ordered_at": DAY - timedelta(days=3), "promised_at": DAY - timedelta(days=2), "delivered_at": DAY}], store)
    load("interactions", [{"key": f"i{n}", "customer_id": "C1", "event": "Log-in", "happened_at": DAY + timedelta(hours=n), "campaign": "Spring" if n == 5 else None} for n in range(120)], store)
    load("step_runs", [{"key": "p", "process": "Returns", "case_id": "1", "step": "Check", "customer_id": "C1", "started_at": DAY, "ended_at": DAY}], store)
    load("mentions", [{"key": "m", "source": "Forum", "customer_id": "C1", "text": "never again", "posted_at": DAY + timedelta(days=30)}], store)
    return revision(store)


def test_every_fact_is_an_event_and_what_ended_is_two(told):
    found = story.counts("C1", told)
    assert {kind: row["n"] for kind, row in found.items()} == {"survey": 1, "ticket": 1, "deal": 2, "subscription": 2, "order": 1, "interaction": 119, "campaign": 1, "step": 1, "mention": 1}
    assert story.span(found) == (DAY - timedelta(days=400), DAY + timedelta(days=30))


def test_pages_follow_each_other_without_a_gap_or_a_double(told):
    pages = [event for skip in range(0, 150, 50) for event in story.page("C1", told, size=50, skip=skip)]
    assert len(pages) == 129
    assert [event["at"] for event in pages] == sorted((event["at"] for event in pages), reverse=True)
    assert pages[0]["text"] == "never again"
    assert len({(e["kind"], e["key"], e["state"]) for e in pages}) == 129


def test_a_story_is_narrowed_by_kind_and_by_words_in_any_case(told):
    assert [e["key"] for e in story.page("C1", told, kinds=("ticket", "mention"))] == ["m", "t"]
    assert [e["key"] for e in story.page("C1", told, text=" late ")] == ["r", "o"], "the comment, and the order that was delivered late"
    assert story.page("C1", told, text="mia")[0]["who"] == "Mia"
    assert story.page("C2", told, text="late") == []


def test_an_identifier_full_of_quotes_and_braces_is_only_an_identifier(store):
    odd = "C'1 {{text}} \\1 --"
    load("responses", [answer("r", 3, DAY, customer_id=odd), answer("s", 9, DAY, customer_id="C2")], store)
    assert [e["key"] for e in story.page(odd, revision(store))] == ["r"]
    assert story.page("' OR 1=1 --", revision(store)) == []
    customer = engine.tables()["responses"]
    customer = customer.filter(customer["customer_id"] == engine.asked("customer")).select("key")
    assert engine.rows(customer, store, given={"customer": odd}) == [{"key": "r"}]


def test_scores_stand_one_by_one_and_the_rest_by_day(told):
    marks = story.strip("C1", told)
    (score,) = [m for m in marks if m["mark"]]
    assert (score["mark"], score["score"], score["at"]) == ("nps", 3.0, DAY)
    assert sum(m["n"] for m in marks) == 129
    assert max(m["n"] for m in marks if m["kind"] == "interaction") == 24
    assert len(story.strip("C1", told, "M")) < len(marks)
