"""The fields of a form, each with room below it for the sentence of a refusal: what is wrong stands beside what it is about.

    form = Fields()
    with st.form("new"):
        title = form("title").text_input("What will be done")
        if st.form_submit_button("File it"):
            saved(lambda: create("action", {"title": title}, actor), "Filed", form)

The sentence is written into the run that refuses, so that every widget keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cx.ui.text import escape


def said(sentence: str, where: DeltaGenerator | None = None) -> None:
    """A refusal, beside what it is about."""
    (where or st).markdown(f":red[:material/error: :small[{escape(sentence, 600)}]]")


class _Field:
    """The room of one field: the widget is drawn through it, and it remembers what the widget is called."""

    def __init__(self, room: DeltaGenerator) -> None:
        self.room, self.label = room, ""

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        draw = getattr(self.room, kind)

        def drawn(label: str, *given: Any, **more: Any) -> Any:
            self.label = label.replace("\\", "")  # a label is Markdown; the sentence escapes it once more
            return draw(label, *given, **more)

        return drawn


class Fields:
    """One form in one run. `key` begins the keys of a form that is empty again after each success; other forms need none.

    Such a form must not say clear_on_submit: Streamlit empties it in the browser whether or not the write is refused.
    """

    def __init__(self, key: str = "") -> None:
        self._again = f"{key}-stored"
        self.key = f"{key}-{st.session_state.get(self._again, 0)}" if key else ""
        self._drawn: dict[str, _Field] = {}

    def __call__(self, name: str, where: Any = None, **room: Any) -> DeltaGenerator:
        """Where the widget of a record's field is drawn: within `where` (a column, say), as wide as `room` says."""
        field = self._drawn[name] = _Field((where or st).container(**{"gap": None, **room}))
        return cast(DeltaGenerator, field)  # it passes every widget on, and type checkers then know what each returns

    def room(self, name: str, label: str, where: Any = None) -> DeltaGenerator:
        """The same for widgets that are drawn by other means: a container to draw them in, called `label` in a refusal."""
        field = self._drawn[name] = _Field((where or st).container(gap=None))
        field.label = label
        return field.room

    def refuse(self, errors: Mapping[str, str], titles: Mapping[str, str] | None = None) -> None:
        """Say each sentence right below its field, by the name the form gives it; here, what is about no field of the form.

        `titles` are the names the fields have in their register, with which the sentences begin.
        """
        mine = {name: self._drawn[name] for name in errors if name in self._drawn}
        for name, field in mine.items():
            said(called(errors[name], (titles or {}).get(name, ""), field.label), field.room)
        if mine:
            said("Not saved yet: see what is marked above.")
        for name, sentence in errors.items():
            if name not in mine:
                st.error(escape(sentence, 900), icon=":material/block:")

    def stored(self) -> None:
        """The write worked: a form with a key is drawn empty from now on."""
        if self.key:
            st.session_state[self._again] = st.session_state.get(self._again, 0) + 1


def called(sentence: str, title: str, label: str) -> str:
    """The sentence naming the field as the form does: `label` for the `title` it begins with, or put before it.

    >>> called("Action must be given; it is empty; fill it in.", "Action", "What will be done")
    '“What will be done” must be given; it is empty; fill it in.'
    >>> called("A gate is passed on evidence; it is empty.", "Evidence", "Proof")
    '“Proof”: A gate is passed on evidence; it is empty.'
    """
    if not label or sentence.startswith(label):
        return sentence
    if title and sentence.startswith(f"{title} "):
        return f"“{label}”{sentence[len(title) :]}"
    return f"“{label}”: {sentence}"
