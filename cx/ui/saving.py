"""Writing records from a workbench where the page goes on afterwards: what is said when a write is refused, or somebody saved first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import streamlit as st

from cx.errors import CxError
from cx.records.record import Record
from cx.records.refusal import FieldsError, StaleRecordError
from cx.ui.fields import Fields
from cx.ui.text import escape

T = TypeVar("T")


def saved(deed: Callable[[], T], done: str = "", form: Fields | None = None) -> T | None:
    """Do a write; where it is refused, say why (beside the fields of `form` it is about) and return None.

    `done` is said where it worked, after the page is drawn anew.
    """
    try:
        found = deed()
    except StaleRecordError as stale:
        st.warning(escape(stale, 600), icon=":material/sync_problem:")
        for conflict in stale.conflicts:
            st.text(f"{conflict.title}: stored is {_short(conflict.stored)}, yours is {_short(conflict.yours)}")
        return None
    except FieldsError as refused:
        (form or Fields()).refuse(refused.errors, refused.titles)
        return None
    except CxError as refused:
        st.error(escape(refused, 600))
        return None
    if done:
        st.toast(escape(done), icon=":material/check:")
    if form is not None:
        form.stored()
    late(found)
    return found


def late(written: Any) -> None:
    """Say it where a record that was just added is due on a day that has passed; it is stored all the same, since history is written by hand too."""
    if isinstance(written, Record) and written.version == 1 and (sentence := written.passed(datetime.now(UTC).date())):
        st.toast(escape(sentence), icon=":material/event_busy:", duration="long")


def _short(value: Any) -> str:
    text = "empty" if value in (None, "") else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
