"""Who is asked, and why the others are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cx.errors import AccessError, InputError, NotFoundError
from cx.facts.history import revision
from cx.records.actor import OPEN, Actor
from cx.records.invitations import OptOut
from cx.records.writing import create
from cx.store import audit
from cx.store.engine import reading, writing
from cx.surveys import audience, optouts
from cx.surveys.audience import ABOUT, ADDRESS, DRAWN, LEFT, NOT_AGAIN, ORDER, RECENT, REFUSED, SHARED, TICKET, UNSAID, Audience
from cx.surveys.sending import invite
from tests.pages.few import load
from tests.surveys.conftest import survey

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = AT.replace(tzinfo=None)


def names(plan: audience.Plan) -> list[str]:
    return [person.customer for person in plan.chosen]


def test_everybody_is_asked_or_left_out_for_one_reason(customers: str) -> None:
    plan = audience.plan(survey(), Audience(), AT)
    assert names(plan) == ["ada", "bob", "cleo"]
    assert plan.left_out == {REFUSED: 1, UNSAID: 1, ADDRESS: 1, LEFT: 1, SHARED: 1}
    assert plan.meant == 8
    assert [person.email for person in plan.chosen] == ["ada@acme.example", "bob@acme.example", "cleo@acme.example"]
    assert plan.chosen[0].context == {"segment": "Enterprise"}
    wider = audience.plan(survey("Other"), Audience(unknown_consent=True), AT, mail=False)
    assert names(wider) == ["ada", "bob", "cleo", "nomail", "twin", "unsaid"]


def test_a_segment_and_a_sample_of_it(customers: str) -> None:
    one = survey()
    assert names(audience.plan(one, Audience(("Enterprise",)), AT)) == ["ada", "bob"]
    drawn = audience.plan(one, Audience(most=2), AT, seed=3)
    assert len(drawn.chosen) == 2
    assert drawn.left_out[DRAWN] == 1
    assert names(audience.plan(one, Audience(most=2), AT, seed=3)) == names(drawn)
    assert len({tuple(names(audience.plan(one, Audience(most=1), AT, seed=seed))) for seed in range(20)}) == 3
    assert len(audience.plan(one, Audience(share=34.0), AT).chosen) == 1


def test_nobody_is_asked_again_by_any_survey_before_they_have_rested(customers: str) -> None:
    first, second = survey(), survey("Second", rest_days=30)
    invite(first, audience.plan(first, Audience(("Consumer",)), AT), OPEN, at=AT)
    assert audience.plan(second, Audience(), AT + timedelta(days=29)).left_out[RECENT] == 1
    assert names(audience.plan(second, Audience(), AT + timedelta(days=31))) == ["ada", "bob", "cleo"]
    never = survey("Never mind", rest_days=0)
    assert names(audience.plan(never, Audience(), AT)) == ["ada", "bob", "cleo"]


def test_invitations_of_other_tools_count_too(customers: str) -> None:
    load("responses", {"survey": "Elsewhere", "response_id": "1", "question": "invitation", "metric": "invitation", "customer_id": "bob", "invited_at": DAY - timedelta(days=5)})
    assert names(audience.plan(survey(), Audience(), AT)) == ["ada", "cleo"]


def test_who_opted_out_is_left_out_with_everybody_at_their_address_and_whoever_they_are_merged_with(customers: str) -> None:
    with writing() as session:
        session.add(OptOut(customer_id="twin"))
        session.add(OptOut(customer_id="cleo-before"))
    create("customer_merge", {"kept_id": "cleo", "merged_id": "cleo-before"}, OPEN)
    plan = audience.plan(survey(), Audience(), AT)
    assert names(plan) == ["bob"]
    assert plan.left_out[NOT_AGAIN] == 3


def test_those_something_has_just_happened_to_are_asked_about_it_once(customers: str) -> None:
    ticket = {"created_at": DAY - timedelta(days=9), "team": "Care", "agent": "Kim", "channel": "Phone", "touchpoint": "Support"}
    load(
        "tickets",
        {"ticket_id": "1", "customer_id": "ada", "resolved_at": DAY - timedelta(days=3), **ticket}, {"ticket_id": "2", "customer_id": "ada", "resolved_at": DAY - timedelta(days=1), **ticket},
        {"ticket_id": "3", "customer_id": "bob", **ticket}, {"ticket_id": "4", "customer_id": "cleo", "resolved_at": DAY - timedelta(days=40), **ticket},
        {"ticket_id": "5", "customer_id": "gone", "resolved_at": DAY - timedelta(days=2), **ticket}, {"ticket_id": "6", "customer_id": "stranger", "resolved_at": DAY, **ticket},
    )  # fmt: skip
    one = survey("After support", kind="event", trigger="on_event", event=TICKET, rest_days=0)
    wanted = audience.of(one)
    plan = audience.plan(one, wanted, AT)
    assert [(p.customer, p.event) for p in plan.chosen] == [("ada", "ticket 2"), ("gone", "ticket 5")]
    assert plan.chosen[0].context == {"segment": "Enterprise", "channel": "Phone", "touchpoint": "Support", "team": "Care", "agent": "Kim"}
    invite(one, plan, OPEN, at=AT)
    assert audience.plan(one, wanted, AT + timedelta(days=1)).left_out == {ABOUT: 2}


@pytest.mark.parametrize(("event", "dataset", "row"), [
    (ORDER, "orders", {"order_id": "o1", "customer_id": "bob", "ordered_at": DAY - timedelta(days=6), "delivered_at": DAY - timedelta(days=2), "product": "Beans"}),
    ("first use", "interactions", {"interaction_id": "i1", "customer_id": "bob", "event": "first use", "happened_at": DAY - timedelta(days=2), "product": "Beans"}),
])  # fmt: skip
def test_orders_and_interactions_are_events_as_well(customers: str, event: str, dataset: str, row: dict[str, object]) -> None:
    load(dataset, row)
    (person,) = audience.plan(survey(), Audience(event=event), AT).chosen
    assert (person.customer, person.context["product"]) == ("bob", "Beans")
    assert event in audience.events(revision())


def test_whoever_said_so_otherwise_is_noted_by_hand_and_lifted_by_a_manager(customers: str) -> None:
    con, man = Actor("con", "contributor"), Actor("man", "manager")
    optouts.note(" ada ", con)
    assert [(one.customer_id, one.way) for one in optouts.listed()] == [("ada", "hand")]
    assert audience.plan(survey(), Audience(), AT).left_out[NOT_AGAIN] == 2, "she and her twin at the same address"
    for wrong, sentence in (("ada", "noted already"), ("  ", "identifier")):
        with pytest.raises(InputError, match=sentence):
            optouts.note(wrong, con)
    with pytest.raises(AccessError, match="manager"):
        optouts.lift("ada", con)
    with pytest.raises(AccessError, match="contributor"):
        optouts.note("bob", Actor("vic", "viewer"))
    optouts.lift("ada", man)
    with pytest.raises(NotFoundError):
        optouts.lift("ada", man)
    assert optouts.listed() == []
    with reading() as session:
        entries = audit.history(session, optouts.SUBJECT)
    assert [(e.action, e.actor) for e in entries] == [("delete", "man"), ("create", "con")]
    assert "ada" not in str([(e.record, e.before, e.after) for e in entries])
