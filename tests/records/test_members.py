"""Who may come in, as what, and until when."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from cx.errors import AccessError, InputError, SettingError
from cx.records import members
from cx.records.actor import Actor
from cx.records.refusal import StaleRecordError
from cx.settings import settings
from cx.store import audit, gate
from cx.store.engine import reading, writing

ANN, BOB = ({"iss": "https://id.example.com", "sub": who, "email": f"{who}@example.com", "email_verified": True, "name": who.title()} for who in ("ann", "bob"))
CHIEF = Actor("chief", "admin")


def arrive(claims: dict[str, Any], **more: Any) -> members.Member:
    return members.arrive(members.sign_in({**claims, "iat": time.time(), **more}))


@pytest.fixture
def led(any_store: str, monkeypatch: pytest.MonkeyPatch) -> members.Member:
    """A store in which Ann is admin."""
    monkeypatch.setenv("CX_ADMIN", "ann@example.com")
    return arrive(ANN)


def test_who_is_named_in_the_setting_becomes_admin_and_others_get_the_usual_role(led: members.Member, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (led.role, arrive(BOB).role) == ("admin", "viewer")
    monkeypatch.setenv("CX_NEW_MEMBER_ROLE", "contributor")
    assert arrive(BOB | {"sub": "cid"}).role == "contributor"
    assert [m.known_as for m in members.members(CHIEF)] == ["ann@example.com", "bob@example.com", "bob@example.com"]


def test_an_address_nobody_has_checked_makes_no_admin(led: members.Member) -> None:
    assert arrive(ANN | {"sub": "mallory", "email_verified": False}).role == "viewer"
    claims = {k: v for k, v in ANN.items() if k != "email_verified"}
    assert arrive(claims | {"sub": "mallory2"}).role == "viewer"


def test_the_same_subject_of_another_service_is_somebody_else(led: members.Member) -> None:
    assert arrive(ANN | {"iss": "https://evil.example", "email_verified": False}).id != led.id


def test_a_member_named_later_becomes_admin_only_while_there_is_none(any_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert arrive(ANN).role == "viewer"
    monkeypatch.setenv("CX_ADMIN", "ann@example.com, bob")
    assert arrive(ANN).role == "admin"
    monkeypatch.setenv("CX_ADMIN", "")
    arrive(BOB)
    monkeypatch.setenv("CX_ADMIN", "bob")
    assert arrive(BOB).role == "viewer"


def test_a_role_is_changed_by_admins_only_and_the_change_is_on_record(led: members.Member) -> None:
    bob = arrive(BOB)
    with pytest.raises(AccessError, match="one must be admin or more; bob is manager"):
        members.change(int(bob.id or 0), "admin", True, bob.version, Actor("bob", "manager"))
    with pytest.raises(AccessError):
        members.members(Actor("bob", "manager"))
    changed = members.change(int(bob.id or 0), "manager", True, bob.version, CHIEF)
    assert (changed.role, arrive(BOB).role) == ("manager", "manager")
    with pytest.raises(StaleRecordError):
        members.change(int(bob.id or 0), "viewer", True, bob.version, CHIEF)
    with reading() as session:
        last = audit.history(session, members.SUBJECT)[0]
    assert (last.actor, last.action) == ("chief", "update")
    assert '"manager"' in str(last.after)


def test_the_last_admin_stays(led: members.Member) -> None:
    for role, active in (("viewer", True), ("admin", False)):
        with pytest.raises(InputError, match="no active admin would be left"):
            members.change(int(led.id or 0), role, active, led.version, CHIEF)
    assert arrive(ANN).role == "admin"


def test_who_was_shut_out_does_not_come_in(led: members.Member) -> None:
    bob = arrive(BOB)
    members.change(int(bob.id or 0), "viewer", False, bob.version, CHIEF)
    with pytest.raises(AccessError, match="Your access was ended"):
        arrive(BOB)


def test_signing_out_ends_that_sign_in_wherever_it_is_used_and_a_new_one_works(led: members.Member) -> None:
    first = int(time.time()) - 60
    arrive(BOB, iat=first)
    members.end(members.sign_in(BOB | {"iat": first}))
    with pytest.raises(AccessError, match="You signed out"):
        arrive(BOB, iat=first)
    with pytest.raises(AccessError, match="You signed out"):
        arrive(BOB, iat=first - 10)
    assert arrive(BOB, iat=first + 1).active


def test_a_sign_in_has_an_end_and_one_of_long_ago_is_over(led: members.Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for issued in (time.time() - 12.1 * 3600, time.time() + 3600, 1):
        with pytest.raises(AccessError, match="too old"):
            arrive(BOB, iat=issued)
    monkeypatch.setenv("CX_SIGN_IN_HOURS", "24")
    assert arrive(BOB, iat=time.time() - 12.1 * 3600).active


def test_a_sign_in_says_who_it_is_about() -> None:
    for claims in ({}, {"iss": "https://id.example.com"}, {"sub": "ann"}, {"iss": " ", "sub": "ann"}):
        with pytest.raises(AccessError, match="does not say who you are"):
            members.sign_in(claims)


def test_an_unknown_role_in_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_NEW_MEMBER_ROLE", "boss")
    with pytest.raises(SettingError, match="CX_NEW_MEMBER_ROLE must be one of viewer, contributor, manager, admin"):
        settings()


@pytest.fixture
def shut() -> Iterator[None]:
    def refuse() -> None:
        raise AccessError("Not now.")

    gate.guard("test", refuse)
    yield
    gate.guard("test", lambda: None)


def test_the_gate_is_asked_before_every_write_but_the_notes_of_a_visit(store: str, shut: None) -> None:
    with pytest.raises(AccessError, match="Not now"), writing(store):
        raise AssertionError("a unit was begun")
    with writing(store, anyone=True) as session:
        audit.record(session, "ann", "export", "report")
