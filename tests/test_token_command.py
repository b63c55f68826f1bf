"""`python -m cx token`: make, list, revoke."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from cx.commands import app
from cx.records import tokens


def ran(*words: str) -> str:
    done = CliRunner().invoke(app, ["token", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_token_is_made_listed_without_its_secret_and_revoked(store: str) -> None:
    made = json.loads(ran("create", "sync", "--role", "contributor", "--days", "30", "--json"))
    assert tokens.holding(made["token"]).role == "contributor"
    listed = ran("list", "--json")
    assert made["token"] not in listed
    (row,) = json.loads(listed)
    assert {name: made[name] for name in row} == row
    assert (row["name"], row["state"], row["made_by"]) == ("sync", "live", "command line")
    assert "sync" in ran("list")
    ran("revoke", "sync")
    assert json.loads(ran("list", "--json"))[0]["state"] == "revoked"


def test_without_json_only_the_token_stands_on_stdout(store: str) -> None:
    secret = ran("create", "plain").strip()
    assert tokens.holding(secret).role == "viewer"
