"""Who is looking: a member by their sign-in, or whoever sits at this machine where no sign-in is configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit import auth_util
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cx.errors import AccessError
from cx.records import members
from cx.records.actor import ROLES, Actor
from cx.store import gate
from cx.ui.text import clean, quiet

LAST = "member-role"


@dataclass(frozen=True)
class Member:
    """Name for the audit log, and role."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether this member has at least that role."""
        return ROLES.index(self.role) >= ROLES.index(role)


def signing_in() -> bool:
    """Whether sign-in is configured."""
    return auth_util.is_authlib_installed() and bool(auth_util.get_secrets_auth_section())


def require_member() -> Member:
    """The member looking at this page, as the store has them now, with their name and the way out in the side bar.

    Where sign-in is configured and nobody is signed in, or the sign-in is over, the sign-in page and nothing else.
    """
    if not signing_in():
        return Member("local user", "admin")
    if not st.user.is_logged_in:
        _door("Sign in to see your company's customer experience.", "Sign in", st.login)
    try:
        found = members.arrive(members.sign_in(st.user.to_dict()))
    except AccessError as refused:
        # a sign-in that is over is forgotten in this browser too, on the way to the next one
        _door(str(refused), "Sign in again", st.logout)
    st.session_state[LAST] = found.role
    with st.sidebar.container(key="account", gap="xsmall"):
        st.text(clean(found.name or found.known_as))
        quiet(f"{found.known_as} · {found.role}" if found.name else found.role)
        if found.role == "admin":
            st.page_link("pages/20_members.py", label="Members", icon=":material/group:")
        st.button("Sign out", key="sign-out", type="tertiary", icon=":material/logout:", on_click=_leave)
    return Member(found.known_as, found.role)


def _door(sentence: str, label: str, deed: Any) -> None:
    st.title("CX Blueprint")
    st.text(clean(sentence))
    st.button(label, type="primary", on_click=deed)
    st.stop()


def _leave() -> None:
    members.end(members.sign_in(st.user.to_dict()))
    st.logout()


def admitted(claims: Mapping[str, Any]) -> bool:
    """Whether a sign-in whose cookie this server gave out still opens the door: not ended, not too old, not shut out."""
    try:
        one = members.sign_in(claims)
        members.check(one, members.standing(one))
    except AccessError:
        return False
    return True


def may_write() -> None:
    """Raise AccessError where the person whose click is being worked on may not write now, whatever the page said when it was drawn."""
    if get_script_run_ctx(suppress_warning=True) is None or not signing_in():
        return
    if not st.user.is_logged_in:
        raise AccessError("Sign in first.")
    one = members.sign_in(st.user.to_dict())
    found = members.standing(one)
    members.check(one, found)
    if found is None:
        raise AccessError("Open the app first.")
    Actor(found.known_as, found.role).require("contributor", "change anything")  # type: ignore[arg-type]
    drawn = st.session_state.get(LAST, found.role)
    if ROLES.index(found.role) < ROLES.index(drawn):
        raise AccessError(f"You are {found.role} now and were {drawn} when this page was drawn. Look again.")


gate.guard("member", may_write)
