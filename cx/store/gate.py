"""The last fence before a write. Whoever serves people at a screen puts a question here; it is asked before every write unit.

Write functions check the role they were handed. That role was read when the page was drawn; the question is asked at the
moment of writing, so that a click on a page drawn before somebody lost a role, or a write that forgot to check, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

_questions: dict[str, Callable[[], None]] = {}


def guard(name: str, question: Callable[[], None]) -> None:
    """Ask `question` before each write; it raises AccessError where the person may not. One question a name, the latest counts."""
    _questions[name] = question


def ask() -> None:
    """Raise AccessError where the person who is acting may not write."""
    for question in tuple(_questions.values()):
        question()
