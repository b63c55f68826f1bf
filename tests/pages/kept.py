"""Opening a step in a test, and the demo company's records in a test's own store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from cx.records.actor import Actor
from cx.records.registry import register
from cx.records.writing import create

ROOT = Path(__file__).parents[2]
END = datetime(2026, 11, 1, tzinfo=UTC)
WRITER = Actor("tester", "admin")


def fill(*groups: str, only: tuple[str, ...] = ()) -> None:
    """Write the demo company's records of these groups into the store in force."""
    for group in groups:
        for name, rows in import_module(f"cx.demo.records_{group}").RECORDS.items():
            if only and name not in only:
                continue
            fields = register(name).fields
            for row in rows:
                create(name, {key: dated(fields[key].kind, value) for key, value in row.items()}, WRITER)


def dated(kind: str, value: Any) -> Any:
    """A `timedelta` as the day or moment so far from the end of the demo company."""
    if not isinstance(value, timedelta):
        return value
    return END + value if kind == "moment" else (END + value).date()


def opened(file: str, step: str, **state: Any) -> AppTest:
    """A page at a step, with widget states set before."""
    app = AppTest.from_file(str(ROOT / "pages" / file), default_timeout=120)
    app.session_state["step"] = step
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """Everything written on the page, escapes taken away, no-break spaces as blanks."""
    text = "\n".join([element.value for element in (*app.markdown, *app.text)] + [f"{m.label} {m.value}" for m in app.metric])
    return text.replace("\\", "").replace("\u00a0", " ")
