"""The registers a step works on, each behind its title; only an open one costs anything."""

from __future__ import annotations

import streamlit as st

from cx.records.lookup import count
from cx.records.registry import register
from cx.ui import register as editor
from cx.ui.bench import actor
from cx.ui.page import View


def registers(view: View, key: str, *names: str) -> None:
    """The editors of these registers; `key` is unique on the page. One stands open; of several each opens by itself."""
    wanted = st.query_params.get("record", "").rpartition("-")[0]
    for name in names:
        row = register(name)
        private = row.private and not view.member.may(row.reader)
        title = row.title if private else f"{row.title} ({count(name)})"
        shelf = st.expander(title, expanded=wanted == name, key=f"{key}-register-{name}", on_change="rerun", icon=":material/edit_note:")
        if shelf.open:
            with shelf:
                editor.show(name, actor(view), prefix=f"{key}-{name}")
