"""A mail server, and customers to ask."""

from __future__ import annotations

from typing import Any

import pytest

from cx.records.actor import OPEN
from cx.records.writing import create
from tests.pages.few import load
from tests.reports.test_mail import inbox

__all__ = ["inbox"]
PEOPLE = (
    {"customer_id": "ada", "email": "Ada@acme.example", "segment": "Enterprise", "consent": True},
    {"customer_id": "bob", "email": "bob@acme.example", "segment": "Enterprise", "consent": True},
    {"customer_id": "cleo", "email": "cleo@acme.example", "segment": "Consumer", "consent": True},
    {"customer_id": "no", "email": "no@acme.example", "segment": "Consumer", "consent": False},
    {"customer_id": "unsaid", "email": "unsaid@acme.example", "segment": "Consumer"},
    {"customer_id": "nomail", "email": "unknown", "segment": "Consumer", "consent": True},
    {"customer_id": "gone", "email": "gone@acme.example", "segment": "Consumer", "consent": True, "status": "left"},
    {"customer_id": "twin", "email": "ada@ACME.example", "segment": "Enterprise", "consent": True},
)


@pytest.fixture(autouse=True)
def public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where links lead."""
    monkeypatch.setenv("CX_PUBLIC_URL", "https://cx.example.com/")


@pytest.fixture
def customers(any_store: str) -> str:
    """Eight customers, each with something of their own; the URL of the store."""
    load("customers", *PEOPLE)
    return any_store


def survey(name: str = "Relationship", **more: Any) -> Any:
    """A survey that is live."""
    return create("survey", {"name": name, "metric": "nps", "question": "How likely are you to recommend us?", "status": "live", "kind": "periodic", **more}, OPEN)
