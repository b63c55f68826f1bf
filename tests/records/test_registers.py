"""Every register: create, edit, stale, delete, restore, undo, and a CSV that comes back as it left."""

from __future__ import annotations

import csv
import io

import pytest

from cx.blueprint.groups import GROUPS
from cx.blueprint.registers import REGISTERS as NAMED
from cx.errors import NotFoundError
from cx.records.actor import OPEN, Actor
from cx.records.fields import GROUPS as GROUP_KEYS
from cx.records.lookup import count, find, frame, history, records
from cx.records.refusal import StaleRecordError
from cx.records.registry import registers
from cx.records.sheet import ID, VERSION, load_csv, rows, sample
from cx.records.writing import create, remove, restore, undo, update
from tests.records.filled import filled, values

BEA = Actor("bea", "admin")


def round_of_life(name: str, url: str) -> None:
    row = registers()[name]
    before = count(name, url=url)
    made = filled(name, url, "life")
    assert count(name, url=url) == before + 1
    assert made.created_by == OPEN.name
    text = next(
        field
        for field, spec in row.fields.items()
        if spec.kind in ("text", "long", "number", "whole") and field not in ("edition", "currency", "metric", "scale_max", "kept_id")
    )
    spec = row.fields[text]
    new = "another" if spec.kind in ("text", "long") else (spec.high if spec.high is not None and getattr(made, text) != spec.high else spec.low or 7)
    if name == "business_hours" and text != "name":
        new = "10:00-11:00"
    changed = update(name, made.id, {text: new}, made.version, BEA, url=url)
    assert (getattr(changed, text), changed.version, changed.updated_by) == (new, 2, "bea")
    with pytest.raises(StaleRecordError, match=r"bea saved .* first"):
        update(name, made.id, {text: getattr(made, text)}, 1, OPEN, url=url)
    taken_back = undo(history(name, made.id, OPEN, url=url)[0].id, OPEN, url=url)
    assert getattr(taken_back, text) == getattr(made, text)
    remove(name, made.id, taken_back.version, OPEN, url=url)
    with pytest.raises(NotFoundError):
        find(name, made.id, OPEN, url=url)
    back = restore(name, made.id, OPEN, url=url)
    assert back.values() == made.values()
    remove(name, made.id, back.version, OPEN, url=url)
    back = undo(history(name, made.id, OPEN, url=url)[0].id, OPEN, url=url)
    assert back.values() == made.values()
    assert [c.action for c in history(name, made.id, OPEN, url=url)] == ["restore", "delete", "restore", "delete", "undo", "update", "create"]
    assert len(frame(name, OPEN, url=url)) == before + 1


def there_and_back(name: str, url: str) -> None:
    filled(name, url, "csv")
    out = as_csv(rows(name, OPEN, url=url))
    same = load_csv(name, out, OPEN, url=url)
    assert (same.problems, same.created, same.updated, same.unchanged) == ((), 0, 0, same.rows)
    without = [{k: v for k, v in line.items() if k not in (ID, VERSION)} for line in rows(name, OPEN, url=url)]
    again = load_csv(name, as_csv(without), OPEN, url=url)
    assert (again.problems, again.created, again.unchanged) == ((), 0, again.rows)
    gone = max(records(name, OPEN, url=url), key=lambda record: record.id)
    kept = gone.values()
    gone = remove(name, gone.id, gone.version, OPEN, url=url)
    new = load_csv(name, as_csv(without), OPEN, url=url)
    assert (new.problems, new.created) == ((), 1)
    assert max(records(name, OPEN, url=url), key=lambda record: record.id).values() == kept


def as_csv(lines: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


@pytest.mark.parametrize("name", list(registers()))
def test_a_record_is_created_edited_guarded_removed_and_brought_back(name: str, shared: str) -> None:
    round_of_life(name, shared)


@pytest.mark.parametrize("name", list(registers()))
def test_what_leaves_as_csv_comes_back_the_same(name: str, shared: str) -> None:
    there_and_back(name, shared)


@pytest.mark.parametrize("name", ["persona", "journey_step", "quota", "capa", "session", "maturity"])
def test_registers_live_the_same_life_on_both_databases(name: str, any_store: str) -> None:
    round_of_life(name, any_store)
    there_and_back(name, any_store)


@pytest.mark.parametrize("name", list(registers()))
def test_every_register_says_what_it_is_for_and_its_fields_what_they_hold(name: str) -> None:
    row = registers()[name]
    assert row.purpose.endswith(".")
    assert row.title
    assert row.singular
    assert row.label in row.fields
    assert not set(row.shown) - set(row.fields)
    assert not row.sort or row.sort.removeprefix("-") in row.fields
    titles = [spec.title for spec in row.fields.values()]
    assert len(set(titles)) == len(titles)
    for field, spec in row.fields.items():
        assert spec.register in ("", *registers())
        assert (spec.kind == "money") == field.endswith("_minor")
        assert spec.kind != "money" or "currency" in row.fields
    assert sample(name)[0].keys() == set(titles)


def test_the_registers_that_steps_speak_of_all_exist_under_the_same_title() -> None:
    assert {name: registers()[name].title for name in NAMED} == NAMED
    assert tuple(GROUPS) == GROUP_KEYS
    for row in registers().values():
        assert not row.group or row.step in [s.key for s in GROUPS[row.group].steps], row.name


def test_values_of_every_register_pass_its_own_checks(shared: str) -> None:
    made = create("capa", values("capa", shared, "checks"), OPEN, url=shared)
    assert made.problems() == {}
