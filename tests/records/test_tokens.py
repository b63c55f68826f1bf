"""API tokens: made by administrators, shown once, kept as hashes, checked as the store has them now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from cx.errors import AccessError, InputError, NotFoundError
from cx.records import tokens
from cx.records.actor import Actor
from cx.store import audit
from cx.store.base import now
from cx.store.engine import reading, writing

CHIEF = Actor("chief", "admin")


def test_a_token_is_shown_once_and_opens_the_door_as_who_it_is(any_store: str) -> None:
    made, secret = tokens.create("nightly sync", "contributor", CHIEF)
    found = tokens.holding(secret)
    assert (found.id, found.holder) == (made.id, Actor("token nightly sync", "contributor"))
    assert tokens.SHAPE.fullmatch(secret)
    with reading() as session:
        kept = session.exec(select(tokens.ApiToken)).one().model_dump()
        told = [entry.after for entry in audit.history(session, tokens.SUBJECT)]
    assert secret[len(kept["prefix"]) :] not in str(kept) + str(told)
    assert timedelta(364) < found.expires_at - now() <= timedelta(365)


def test_a_token_that_was_made_up_or_mistyped_is_unknown(any_store: str) -> None:
    made, secret = tokens.create("a", "viewer", CHIEF)
    other = tokens.new_secret()
    body = secret[3:11] + other[11:-6]
    forged = f"cx_{body}{tokens._check(body)}"
    assert forged[:11] == made.prefix
    assert tokens.well_formed(forged)
    swapped = secret[:12] + secret[13] + secret[12] + secret[14:] if secret[12] != secret[13] else secret[:12] + "0" + secret[13:]
    for wrong in (forged, swapped, other, secret[:-1], secret + "0", secret.upper(), "", "cx_", "é" * 49, "cx_" + "'" * 46, f"{secret}\n"):
        with pytest.raises(AccessError, match="unknown, ended or revoked"):
            tokens.holding(wrong)


def test_a_revoked_token_and_one_that_ended_are_refused_at_once_also_while_at_work(any_store: str) -> None:
    made, secret = tokens.create("a", "viewer", CHIEF)
    _, ending = tokens.create("b", "viewer", CHIEF, days=1)
    tokens.revoke("a", CHIEF)
    with pytest.raises(AccessError):
        tokens.holding(secret)
    with pytest.raises(AccessError):
        tokens.standing(made)
    assert tokens.holding(ending).state == "live"
    with writing() as session:
        session.exec(select(tokens.ApiToken).where(tokens.ApiToken.name == "b")).one().expires_at = now()
    with pytest.raises(AccessError):
        tokens.holding(ending)
    assert [(t.name, t.state) for t in tokens.tokens(CHIEF)] == [("b", "ended"), ("a", "revoked")]
    with reading() as session:
        assert [(e.actor, e.action) for e in audit.history(session, tokens.SUBJECT)] == [("chief", "revoke"), ("chief", "create"), ("chief", "create")]


def test_only_administrators_make_see_and_revoke_tokens(any_store: str) -> None:
    for deed in (lambda who: tokens.create("a", "viewer", who), tokens.tokens, lambda who: tokens.revoke("a", who)):
        for role in ("viewer", "contributor", "manager"):
            with pytest.raises(AccessError, match="one must be admin"):
                deed(Actor("somebody", role))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "role", "days"),
    [("", "viewer", 1), (" a", "viewer", 1), ("a ", "viewer", 1), ("a\nb", "viewer", 1), ("x" * 61, "viewer", 1), ("a", "admin", 1), ("a", "manager", 1), ("a", "", 1), ("a", "viewer", -1), ("a", "viewer", 4000)],
)  # fmt: skip
def test_a_name_role_or_end_that_cannot_be_is_refused(store: str, name: str, role: str, days: int) -> None:
    with pytest.raises(InputError):
        tokens.create(name, role, CHIEF, days)
    assert tokens.tokens(CHIEF) == []


def test_of_the_tokens_in_force_no_two_are_called_the_same_and_a_name_is_free_again_after(store: str) -> None:
    first, _ = tokens.create("a", "viewer", CHIEF, days=0)
    assert first.expires_at is None
    with pytest.raises(InputError, match="there is one called 'a'"):
        tokens.create("a", "viewer", CHIEF)
    tokens.revoke("a", CHIEF)
    with pytest.raises(NotFoundError, match="no token called 'a' in force"):
        tokens.revoke("a", CHIEF)
    _, secret = tokens.create("a", "viewer", CHIEF)
    assert tokens.holding(secret).id != first.id


def test_the_last_use_is_noted_every_five_minutes(store: str) -> None:
    made, secret = tokens.create("a", "viewer", CHIEF)
    assert made.used_at is None
    tokens.seen(made)
    first = tokens.holding(secret).used_at
    assert first is not None
    tokens.seen(tokens.holding(secret))
    assert tokens.holding(secret).used_at == first
