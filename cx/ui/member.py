"""Who is looking: a member by their sign-in, or whoever sits at this machine where no sign-in is configured."""

from __future__ import annotations

import os
from dataclasses import dataclass

import streamlit as st
from streamlit import auth_util

ROLES = ("viewer", "contributor", "manager", "admin")


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
    """The member looking at this page; where sign-in is configured and nobody is signed in, the sign-in page and nothing else."""
    if not signing_in():
        return Member("local user", "admin")
    if not st.user.is_logged_in:
        st.title("CX Blueprint")
        st.text("Sign in to see your company's customer experience.")
        st.button("Sign in", type="primary", on_click=st.login)
        st.stop()
    name = str(st.user.get("email") or st.user.get("sub") or "")
    admins = {part.strip().lower() for part in os.environ.get("CX_ADMINS", "").split(",") if part.strip()}
    return Member(name, "admin" if name.lower() in admins else "contributor")
