"""The Members page: who may come in, and as what; and the tokens by which programs do."""

from __future__ import annotations

import streamlit as st

from cx.records import members
from cx.records.actor import ROLES
from cx.store import audit
from cx.store.engine import reading
from cx.ui import bench, tokens
from cx.ui import format as words
from cx.ui.member import signing_in
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet

MAY = {
    "viewer": "looks at everything but personal records",
    "contributor": "imports, keeps records, exports",
    "manager": "also approves, merges customers, sees people's skills",
    "admin": "also manages members",
}


def show(view: View) -> None:
    """Draw the page."""
    st.title("Members", anchor=False)
    if not signing_in():
        quiet("No sign-in is configured: the app listens on this machine only, and whoever sits at it may do everything.")
        quiet("To let others in, add an [auth] section to .streamlit/secrets.toml and name yourself in CX_ADMIN; docs/deployment.md says how.")
        tokens.show(view)
        return
    if not view.member.may("admin"):
        outside("Members are managed by administrators.")
        return
    everybody = members.members(bench.actor(view))
    quiet(" · ".join(f"{role}: {text}" for role, text in MAY.items()))
    table(
        {
            "E-mail": [m.known_as for m in everybody],
            "Name": [m.name for m in everybody],
            "Role": [m.role for m in everybody],
            "May come in": ["yes" if m.active else "no" for m in everybody],
            "Joined": [words.moment(m.joined_at) for m in everybody],
            "Last seen": [words.moment(m.seen_at) for m in everybody],
        },
        "members",
        alt=f"{len(everybody)} members",
    )
    chosen = bench.choose("Member", everybody, "member", lambda m: m.known_as, width=420)
    if chosen is not None:
        _one(view, chosen)
    _past()
    tokens.show(view)


def _one(view: View, chosen: members.Member) -> None:
    with st.form(f"member-{chosen.id}-{chosen.version}", width=420):
        role = st.segmented_control("Role", list(ROLES), default=chosen.role, key=f"member-role-{chosen.id}-{chosen.version}", required=True)
        active = st.toggle("May come in", chosen.active, key=f"member-active-{chosen.id}-{chosen.version}")
        if st.form_submit_button("Save", type="primary"):
            bench.saved(
                lambda: members.change(int(chosen.id or 0), role or chosen.role, active, chosen.version, bench.actor(view)), f"{chosen.known_as} is saved"
            )


def _past() -> None:
    with reading() as session:
        entries = audit.history(session, members.SUBJECT, limit=50)
    shelf = st.expander(f"Changes ({len(entries)})", on_change="rerun", key="members-past")
    if shelf.open:
        with shelf:
            for entry in entries:
                outside(f"{words.moment(entry.at)}  {entry.actor}: {entry.before or 'first sign-in'} → {entry.after}")
