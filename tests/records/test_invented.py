"""The demo company's records: complete, hidden beside real data, and gone without a trace."""

from __future__ import annotations

from datetime import date

import pytest

from cx.commands.demo import written_down
from cx.facts import batches
from cx.records import invented
from cx.records.lookup import count, records
from cx.records.registry import registers
from tests.facts.rows import answer, part

END = date(2026, 11, 1)


@pytest.fixture
def filled(any_store):
    rows = [part_(END) for part_ in written_down()]
    total = sum(invented.load(each, END, any_store) for each in rows)
    assert total == sum(len(v) for each in rows for v in each.values())
    return any_store


def test_the_demos_records_load_are_hidden_by_real_data_and_wiped_whole(filled):
    here = {name: count(name, url=filled) for name in registers()}
    assert sum(here.values()) > 20
    done = batches.load("responses", [part("responses", [answer("a")])], url=filled)
    assert sum(count(name, url=filled) for name in registers()) == 0
    batches.undo(done.batch, url=filled)
    assert {name: count(name, url=filled) for name in registers()} == here
    assert invented.wipe(filled) == sum(here.values())
    assert all(not records(name, invented.INVENTOR, url=filled) for name in registers())
