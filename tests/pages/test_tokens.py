"""Tokens on the Members page: made and shown once, revoked, and only for administrators."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from cx.records import tokens
from cx.records.actor import OPEN
from tests.pages.few import beside

PAGE = str(Path(__file__).parents[2] / "pages" / "20_members.py")


def shown(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in [*app.success, *app.code, *app.text, *app.caption, *app.markdown])


def make(app: AppTest, name: str) -> AppTest:
    app.text_input[0].set_value(name)
    next(b for b in app.button if b.label == "Make it").click().run()
    assert not app.exception
    return app


def test_a_token_is_made_shown_once_and_revoked(store: str) -> None:
    app = make(AppTest.from_file(PAGE, default_timeout=120).run(), "sync **x** <b>")
    secret = app.code[0].value
    assert tokens.holding(secret).holder.name == "token sync **x** <b>"
    assert secret not in shown(app.run()), "it is not shown again"
    next(b for b in app.button if b.label == "Revoke it").click().run()
    assert not app.exception
    assert [t.state for t in tokens.tokens(OPEN)] == ["revoked"]
    assert not [b for b in app.button if b.label == "Revoke it"]


def test_a_name_that_cannot_be_is_refused_in_one_sentence(store: str) -> None:
    app = make(AppTest.from_file(PAGE, default_timeout=120).run(), "")
    assert "1 to 60 characters" in beside(app, "Name")
    assert tokens.tokens(OPEN) == []
