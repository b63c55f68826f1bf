"""API tokens on the Members page: which there are, a new one, and the end of one."""

from __future__ import annotations

import streamlit as st

from cx.errors import CxError
from cx.records import tokens
from cx.ui import bench
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

MADE = "token-made"
ENDS = {"30 days": 30, "90 days": 90, "1 year": 365, "never": 0}
MAY = {"viewer": "reads numbers", "contributor": "reads numbers and brings rows"}


def show(view: View) -> None:
    """Draw the part; for administrators."""
    st.subheader("API tokens", anchor=False)
    quiet("Programs show a token instead of signing in: " + ", ".join(f"{role} {text}" for role, text in MAY.items()) + ". docs/api.md says how.")
    _fresh()
    every = tokens.tokens(bench.actor(view))
    if every:
        table(
            {
                "Name": [t.name for t in every],
                "Role": [t.role for t in every],
                "Begins": [t.prefix for t in every],
                "State": [t.state for t in every],
                "Ends": [words.moment(t.expires_at) if t.expires_at else "never" for t in every],
                "Last used": [words.moment(t.used_at) if t.used_at else "not yet" for t in every],
                "Made": [words.moment(t.made_at) for t in every],
                "By": [t.actor for t in every],
            },
            "tokens",
            alt=f"{len(every)} API tokens",
        )
    with st.container(horizontal=True):
        with st.popover("New token", icon=":material/add:"):
            _new(view)
        live = [t for t in every if t.state == "live"]
        if live:
            with st.popover("Revoke …", icon=":material/block:"):
                _revoke(view, live)


def _fresh() -> None:
    """The token that was just made: in this run, and never again."""
    found = st.session_state.pop(MADE, None)
    if found is not None:
        name, secret = found
        with st.container(border=True):
            st.success(f"The token {escape(name)} is made. Copy it now: only a hash of it is stored, and it is not shown again.", icon=":material/key:")
            st.code(secret, language=None, wrap_lines=True)


def _new(view: View) -> None:
    form = Fields("token-new")
    with st.form(form.key, border=False):
        name = form("name").text_input("Name", placeholder="the program that will use it")
        role = st.segmented_control("Role", list(tokens.TOKEN_ROLES), default="viewer", required=True)
        ends = st.selectbox("Ends after", list(ENDS), index=2)
        if st.form_submit_button("Make it", type="primary"):
            try:
                made, secret = tokens.create(name.strip(), role or "viewer", bench.actor(view), ENDS[ends])
            except CxError as refused:
                form.refuse({"name": str(refused)})
                return
            form.stored()
            st.session_state[MADE] = (made.name, secret)
            st.rerun()


def _revoke(view: View, live: list[tokens.ApiToken]) -> None:
    name = st.selectbox("Token", [t.name for t in live], key="token-revoke")
    quiet("Whoever shows it is refused from then on.")
    if st.button("Revoke it", key="token-end", type="primary"):
        bench.saved(lambda: tokens.revoke(name, bench.actor(view)), f"{name} is revoked")
