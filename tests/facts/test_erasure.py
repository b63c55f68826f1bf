"""A person is erased: from store, mirror, rejects, registers and uploads, exactly, and does not come back."""

from __future__ import annotations

import io
import json
import os
from datetime import datetime

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cx import erasing
from cx.commands import app
from cx.errors import AccessError, BusyError, NotFoundError
from cx.facts import batches, health, history, mirror, tombstone
from cx.intake import jobs
from cx.records import lookup, writing
from cx.records.actor import Actor
from cx.store.base import Table
from cx.store.engine import database_file, reading
from cx.store.engine import writing as unit
from tests.facts import rows
from tests.facts.rows import Bad, answer, part

ANN = Actor("ann", "manager")
EMAIL = "lena.vogt@example.com"
PEOPLE = [
    {"key": "C1", "customer_id": "C1", "name": "Lena Vogt", "email": EMAIL, "joined_at": datetime(2025, 1, 1)},
    {"key": "C2", "customer_id": "C2", "name": "Omar Said", "email": "omar@example.com", "joined_at": datetime(2025, 2, 1)},
]
FIRST = [answer("a", 9, customer_id="C1", comment="all fine"), answer("b", 3, customer_id="C2"), answer("c", 7, customer_id=EMAIL)]
SECOND = [answer("a", 1, datetime(2026, 5, 1), customer_id="C1", comment="late again"), answer("b", 4, customer_id="C2")]
REJECTS = (Bad(9, raw={"id": "C1", "score": "x"}), Bad(10, raw={"id": "C2", "score": "x"}))


def load(name, records, url, rejects=(), **more):
    plan = json.dumps({"columns": [{"name": "email", "example": EMAIL}]})
    return batches.load(name, lambda: [part(name, records, rejects=rejects)], batches.Origin(source="a.csv", actor="ann", plan=plan, **more), url)


def filled(url):
    """Two customers with answers of two files, a reject each, a note each and a case."""
    load("customers", PEOPLE, url)
    load("responses", FIRST, url, REJECTS)
    load("responses", SECOND, url)
    writing.create("customer_note", {"customer_id": "C1", "text": "Wants a call"}, ANN, url=url)
    writing.create("customer_note", {"customer_id": "C2", "text": "Sits beside Lena Vogt"}, ANN, url=url)
    writing.create("follow_up", {"title": "Call back", "customer_id": "C1", "comment": "late again"}, ANN, url=url)


def live(url):
    return {key: score for key, (score, _) in rows.live(url).items()}


def mirrored(url):
    return {key: score for key, (score, _) in rows.mirrored(url).items()}


def traces(url, *needles):
    """Table and column of every place in the store where one of the words stands."""
    found = []
    with reading(url) as session:
        for table in Table.metadata.sorted_tables:
            for column in table.c:
                for needle in needles:
                    quoted = session.connection().dialect.identifier_preparer.quote(column.name)
                    if session.connection().execute(text(f"SELECT count(*) FROM {table.name} WHERE CAST({quoted} AS TEXT) LIKE :n"), {"n": f"%{needle}%"}).scalar():
                        found.append((table.name, column.name))
    return found


def test_an_erased_person_is_gone_from_store_mirror_rejects_and_registers(any_store):
    filled(any_store)
    assert erasing.footprint("C1", any_store).facts == {"customers": (1, 0), "responses": (2, 1)}
    gone = erasing.erase("C1", ANN, any_store)
    assert (gone.facts, gone.rejects, gone.records) == ({"customers": (1, 0), "responses": (2, 1)}, 1, {"follow_up": 1, "customer_note": 1})
    assert live(any_store) == mirrored(any_store) == {"b": 4}
    assert health.deep(any_store) == []
    assert traces(any_store, EMAIL, "late again", "all fine", "Wants a call") == []
    assert [(one["register"], one["record"]) for one in gone.left] == [("customer_note", 2)], "free text is left to be decided"
    second = history.batches(any_store)[1]
    assert (second.records, second.rejected, second.excluded, json.loads(second.reasons)) == (5, 1, 1, {"erased": 1})
    assert history.batches(any_store)[0].last_at == datetime.fromisoformat("2026-01-15T00:00+00:00")


def test_no_byte_of_an_erased_person_stays_in_the_files_of_the_store(store):
    filled(store)
    erasing.erase("C1", ANN, store)
    file = database_file(store)
    left = [p for p in (*file.parent.rglob("*"),) if p.is_file() and (EMAIL.encode() in p.read_bytes() or b"late again" in p.read_bytes())]
    assert left == []
    files = {p.name for p in mirror.folder(store).glob("responses/*.parquet")}
    assert files == {f"{b.id}-{b.version}.parquet" for b in history.batches(store) if b.live and b.dataset == "responses"}


def test_importing_the_same_files_again_does_not_bring_an_erased_person_back(any_store):
    filled(any_store)
    erasing.erase("C1", ANN, any_store)
    people, first, second = load("customers", PEOPLE, any_store), load("responses", FIRST, any_store, REJECTS), load("responses", SECOND, any_store)
    assert (people.excluded, people.unchanged, people.reasons) == (1, 1, {"erased": 1})
    assert (first.records, first.excluded, first.rejected, first.updated) == (5, 3, 1, 1)
    assert (second.excluded, second.updated) == (1, 1)
    assert live(any_store) == mirrored(any_store) == {"b": 4}
    assert erasing.again(ANN, any_store) == []


def test_undoing_a_batch_does_not_bring_an_erased_person_back(any_store):
    filled(any_store)
    erasing.erase("C1", ANN, any_store)
    batches.undo(3, "ann", any_store)
    assert live(any_store) == mirrored(any_store) == {"b": 3}
    batches.undo(2, "ann", any_store)
    assert live(any_store) == mirrored(any_store) == {}
    assert health.deep(any_store) == []


def test_customers_merged_into_one_are_erased_together(store):
    filled(store)
    writing.create("customer_merge", {"kept_id": "C2", "merged_id": "C1"}, ANN, url=store)
    gone = erasing.erase("C1", ANN, store)
    assert gone.customer == "C2"
    assert set(gone.identifiers) == {"C1", "C2", EMAIL, "omar@example.com"}
    assert live(store) == {}
    assert lookup.records("customer_merge", url=store) == []


def test_an_address_that_two_customers_share_is_not_taken_for_one_of_them(store):
    load("customers", [PEOPLE[0], {**PEOPLE[1], "email": EMAIL}], store)
    load("responses", FIRST, store)
    erasing.erase("C1", ANN, store)
    assert set(live(store)) == {"b", "c"}


def test_only_a_manager_may_erase_and_nobody_who_is_unknown(store):
    filled(store)
    with pytest.raises(AccessError):
        erasing.erase("C1", Actor("ben", "contributor"), store)
    with pytest.raises(NotFoundError, match="Nothing is held"):
        erasing.erase("c1", ANN, store)
    assert len(live(store)) == 3


def test_the_audit_log_says_that_somebody_was_erased_but_not_who(store):
    filled(store)
    erasing.holdings("C1", ANN, store)
    mark = erasing.erase("C1", ANN, store).mark
    with reading(store) as session:
        entries = session.connection().execute(text("SELECT action, actor, record, after FROM audit WHERE subject = 'customers' AND action IN ('erase', 'export') ORDER BY id")).all()
    assert [(e.action, e.actor, e.record) for e in entries] == [("export", "ann", mark), ("erase", "ann", mark)]
    assert json.loads(entries[1].after)["facts"] == {"customers": 1, "responses": 3}
    assert mark != "C1"


def test_an_erased_customer_of_the_demo_company_does_not_keep_a_real_one_out(store):
    load("customers", PEOPLE, store, demo=True)
    erasing.erase("C1", ANN, store)
    done = load("customers", PEOPLE, store)
    assert (done.inserted, done.excluded) == (2, 0)


def test_uploads_that_hold_the_person_go_and_others_stay(store):
    filled(store)
    mine = jobs.keep("people.csv", io.BytesIO(b"id,score\nC7,3\n" + b"x" * 100 + b"\nC1,4\n"))
    other = jobs.keep("else.csv", io.BytesIO(b"id,score\nC10,3\n"))
    gone = erasing.erase("C1", ANN, store)
    assert gone.uploads == ("people.csv",)
    assert not mine.folder.exists()
    assert other.folder.exists()
    jobs.report(other, jobs.Progress("running"))
    (other.folder / "worker.json").write_text(json.dumps({"pid": os.getpid()}))
    with pytest.raises(BusyError):
        erasing.erase("C2", ANN, store)


def test_who_is_back_after_a_restored_backup_is_erased_again(store):
    filled(store)
    erasing.erase("C1", ANN, store)
    with unit(store) as session:  # as an older backup would have it
        session.connection().execute(text("CREATE TEMP TABLE aside AS SELECT * FROM tombstone"))
        session.connection().execute(text("DELETE FROM tombstone"))
        kept = session.connection().execute(text("SELECT * FROM aside")).all()
    load("customers", PEOPLE, store)
    with unit(store) as session:
        session.add_all(tombstone.Tombstone(digest=row.digest, salt=row.salt, demo=bool(row.demo)) for row in kept)
    assert tombstone.returned(store) == ["C1"]


def test_the_command_line_shows_asks_and_erases(store):
    filled(store)
    shown = CliRunner().invoke(app, ["erase", "C1", "--json"])
    assert json.loads(shown.stdout)["facts"] == {"customers": {"live": 1, "replaced": 0}, "responses": {"live": 2, "replaced": 1}}
    asked = CliRunner().invoke(app, ["erase", "C1"], input="no\n")
    assert asked.exit_code == 1
    assert "Nothing was erased" in asked.stdout
    assert len(live(store)) == 3
    done = CliRunner().invoke(app, ["erase", "C1", "--yes", "--json"])
    assert json.loads(done.stdout)["erased"] is True
    assert live(store) == {"b": 4}
