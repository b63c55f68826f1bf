"""Writing: roles, refusals, parts, and what can and cannot be undone."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread

import pytest

from cx.errors import AccessError, InputError, NotFoundError
from cx.formula import safe
from cx.records.actor import OPEN, Actor
from cx.records.fields import Spec
from cx.records.lookup import find, frame, history, records
from cx.records.refusal import FieldsError, StaleRecordError
from cx.records.sheet import load_csv, rows
from cx.records.values import Refused, read, written
from cx.records.writing import create, remove, restore, undo, unit, update

BEA = Actor("bea", "contributor")


def test_a_viewer_may_not_write_and_a_contributor_not_what_managers_keep(store: str) -> None:
    with pytest.raises(AccessError, match="must be contributor or more; vi is viewer"):
        create("need", {"title": "Parking"}, Actor("vi"), url=store)
    with pytest.raises(AccessError, match="must be manager"):
        create("target", {"kpi": "nps", "value": 40}, BEA, url=store)
    with pytest.raises(AccessError):
        records("coaching_note", BEA, url=store)
    with pytest.raises(AccessError):
        frame("coaching_note", url=store)
    made = create("need", {"title": "Parking"}, BEA, url=store)
    change = history("need", made.id, url=store)[0].id
    for deed in (lambda: undo(change, Actor("vi"), url=store), lambda: remove("need", made.id, 1, Actor("vi"), url=store)):
        with pytest.raises(AccessError):
            deed()
    assert len(records("need", url=store)) == 1


def test_each_faulty_field_gets_its_own_sentence_and_nothing_is_stored(store: str) -> None:
    with pytest.raises(FieldsError) as caught:
        create("need", {"importance": 11, "status": "maybe", "persona_id": 7, "colour": "red"}, OPEN, url=store)
    assert caught.value.errors == {
        "colour": caught.value.errors["colour"],
        "title": "Need must be given; it is empty; fill it in.",
        "importance": "Importance to customers must be from 1 to 10; found 11; correct it.",
        "status": "Status must be one of New, Untested, Testing, Confirmed, Rejected, Solved; found 'maybe'; choose one of them.",
        "persona_id": "Persona must be a persona that exists; number 7 does not; choose another.",
    }
    assert records("need", url=store) == []
    assert history("need", url=store) == []


def test_a_stale_save_tells_who_was_first_and_what_differs(any_store: str) -> None:
    made = create("need", {"title": "Parking", "effort": 2}, OPEN, url=any_store)
    update("need", made.id, {"title": "Free parking"}, 1, BEA, url=any_store)
    with pytest.raises(StaleRecordError) as caught:
        update("need", made.id, {"title": "Parking nearby", "effort": 2}, 1, OPEN, url=any_store)
    error = caught.value
    assert (error.by, error.version) == ("bea", 2)
    assert [(c.title, c.stored, c.yours) for c in error.conflicts] == [("Need", "Free parking", "Parking nearby")]
    assert find("need", made.id, url=any_store).title == "Free parking"


def test_of_many_who_save_at_once_exactly_one_is_first(any_store: str) -> None:
    made = create("need", {"title": "Parking"}, OPEN, url=any_store)
    outcomes: list[str] = []

    def save(number: int) -> None:
        try:
            update("need", made.id, {"title": f"Version {number}"}, 1, Actor(f"p{number}", "admin"), url=any_store)
            outcomes.append("saved")
        except StaleRecordError:
            outcomes.append("stale")

    threads = [Thread(target=save, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved"] + ["stale"] * 5
    assert find("need", made.id, url=any_store).version == 2


def test_saving_what_already_stands_changes_nothing(store: str) -> None:
    made = create("need", {"title": "Parking"}, OPEN, url=store)
    assert update("need", made.id, {"title": "Parking"}, 1, OPEN, url=store).version == 1
    assert len(history("need", made.id, url=store)) == 1


def test_parts_go_and_come_back_with_what_they_belong_to(any_store: str) -> None:
    journey = create("journey", {"name": "Order"}, OPEN, url=any_store)
    steps = [create("journey_step", {"journey_id": journey.id, "name": name, "position": n}, OPEN, url=any_store) for n, name in enumerate("abc")]
    remove("journey_step", steps[2].id, 1, OPEN, url=any_store)
    remove("journey", journey.id, 1, OPEN, url=any_store)
    assert records("journey_step", url=any_store) == []
    restore("journey", journey.id, OPEN, url=any_store)
    assert [s.name for s in records("journey_step", url=any_store)] == ["a", "b"]


def test_what_others_refer_to_cannot_be_removed(store: str) -> None:
    segment = create("segment", {"name": "Enterprise"}, OPEN, url=store)
    create("persona", {"name": "Clara", "segment_id": segment.id}, OPEN, url=store)
    with pytest.raises(FieldsError, match="1 persona refers to 'Enterprise'"):
        remove("segment", segment.id, 1, OPEN, url=store)
    assert records("segment", url=store)


def test_a_change_made_again_since_is_not_undone_but_a_change_of_another_field_is(store: str) -> None:
    made = create("need", {"title": "Parking"}, OPEN, url=store)
    made = update("need", made.id, {"title": "Free parking"}, 1, OPEN, url=store)
    first = history("need", made.id, url=store)[0].id
    made = update("need", made.id, {"effort": 3}, 2, BEA, url=store)
    made = undo(first, OPEN, url=store)
    assert (made.title, made.effort) == ("Parking", 3)
    with pytest.raises(StaleRecordError, match="nothing was overwritten"):
        undo(first, OPEN, url=store)


def test_an_undo_can_itself_be_undone(store: str) -> None:
    made = create("need", {"title": "Parking"}, OPEN, url=store)
    update("need", made.id, {"title": "Free parking"}, 1, OPEN, url=store)
    undo(history("need", made.id, url=store)[0].id, OPEN, url=store)
    assert undo(history("need", made.id, url=store)[0].id, OPEN, url=store).title == "Free parking"


def test_the_name_of_a_removed_record_may_be_taken_and_then_it_stays_removed(store: str) -> None:
    old = create("segment", {"name": "Enterprise"}, OPEN, url=store)
    remove("segment", old.id, 1, OPEN, url=store)
    create("segment", {"name": "enterprise"}, OPEN, url=store)
    with pytest.raises(FieldsError, match="Name must be unique"):
        restore("segment", old.id, OPEN, url=store)


def test_several_records_are_saved_as_one_unit_or_not_at_all(store: str) -> None:
    def template() -> None:
        with unit(store) as session:
            journey = create("journey", {"name": "Order"}, OPEN, session=session)
            create("journey_step", {"journey_id": journey.id}, OPEN, session=session)

    with pytest.raises(FieldsError):
        template()
    assert records("journey", url=store) == []


def test_amounts_need_their_currency(store: str) -> None:
    with pytest.raises(FieldsError) as caught:
        create("campaign", {"name": "Spring", "budget_minor": 100_00}, OPEN, url=store)
    assert list(caught.value.errors) == ["currency"]
    made = create("campaign", {"name": "Spring", "budget_minor": "1,250.50", "currency": "eur"}, OPEN, url=store)
    assert (made.budget_minor, made.currency) == (125_050, "EUR")


@pytest.mark.parametrize(
    ("spec", "given", "stored"),
    [
        (Spec("number", "N", unit="%"), "12.5 %", 12.5), (Spec("whole", "N"), "1,200", 1200), (Spec("yes", "Y"), "Yes", True), (Spec("yes", "Y"), "", None),
        (Spec("several", "S"), "a; b;a ", ["a", "b"]), (Spec("moment", "M"), "2026-08-01T12:00+03:00", datetime(2026, 8, 1, 9, tzinfo=UTC)),
        (Spec("text", "T"), " two \x00 words\n", "two words"), (Spec("choice", "C", choices=("in_progress",)), "In progress", "in_progress"),
    ],
)  # fmt: skip
def test_a_text_is_read_as_a_person_writes_it(spec: Spec, given: str, stored: object) -> None:
    assert read(spec, given) == stored
    assert read(spec, written(spec, stored)) == stored


@pytest.mark.parametrize(
    ("spec", "given"),
    [
        (Spec("day", "D"), "31.12.2026"), (Spec("day", "D"), "2026-02-30"), (Spec("number", "N"), "1,5"), (Spec("number", "N"), "nan"), (Spec("whole", "N"), 1.5),
        (Spec("whole", "N"), True), (Spec("yes", "Y"), "maybe"), (Spec("moment", "M"), datetime(2026, 8, 1)), (Spec("document", "J"), "{"),
        (Spec("text", "T", longest=3), "four"), (Spec("text", "T"), 5), (Spec("whole", "N"), 10**30), (Spec("money", "M"), "1.005"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(spec: Spec, given: object) -> None:
    with pytest.raises(Refused, match=r"^[A-Z].*\.$"):
        read(spec, given, "EUR")


def test_a_file_with_a_faulty_cell_stores_nothing_and_names_line_and_column(store: str) -> None:
    done = load_csv("need", "Need,Importance to customers\nParking,7\n,8\nWarm food,70\n", OPEN, url=store)
    assert [(p.line, p.column) for p in done.problems] == [(3, "Need"), (4, "Importance to customers")]
    assert not done.stored
    assert records("need", url=store) == []


def test_a_dry_run_counts_and_stores_nothing(store: str) -> None:
    done = load_csv("need", "Need;Status\nParking;New\n", OPEN, dry_run=True, url=store)
    assert (done.created, done.stored) == (1, False)
    assert records("need", url=store) == []
    assert history("need", url=store) == []


def test_a_stale_row_of_a_file_is_refused(store: str) -> None:
    made = create("need", {"title": "Parking"}, OPEN, url=store)
    update("need", made.id, {"title": "Free parking"}, 1, BEA, url=store)
    done = load_csv("need", f"Record,Record version,Need\n{made.id},1,Other\n", OPEN, url=store)
    assert "bea saved" in done.problems[0].sentence
    assert find("need", made.id, url=store).title == "Free parking"


@pytest.mark.parametrize("text", ["", "Colour\nred\n", "Need,Need\na,b\n", 'Need\n"open\n', b"\xff\xfe\x00", "Need\na,b\n"])
def test_a_file_that_is_no_register_is_refused_with_one_sentence(text: str | bytes, store: str) -> None:
    with pytest.raises(InputError, match=r"^expected .*\.$"):
        load_csv("need", text, OPEN, url=store)


def test_a_formula_that_was_neutralised_on_the_way_out_comes_back_as_it_was(store: str) -> None:
    create("need", {"title": "=1+1"}, OPEN, url=store)
    assert load_csv("need", "Need,Status\n'=1+1,New\n", OPEN, url=store).unchanged == 1
    create("need", {"title": "'=1+1"}, OPEN, url=store)
    out = rows("need", OPEN, url=store)
    assert [row["Need"] for row in out] == ["=1+1", "''=1+1"], "one that had an apostrophe of its own gets a second"
    again = load_csv("need", "Record,Need\n" + "".join(f"{row['Record']},{safe(row['Need'])}\n" for row in out), OPEN, url=store)
    assert (again.unchanged, again.updated) == (2, 0)


def test_an_unknown_change_or_record_is_said(store: str) -> None:
    with pytest.raises(NotFoundError, match="no change 99"):
        undo(99, OPEN, url=store)
    with pytest.raises(NotFoundError, match="There is no need 5"):
        update("need", 5, {"title": "x"}, 1, OPEN, url=store)
    with pytest.raises(NotFoundError, match="There is no register 'thing'"):
        records("thing", url=store)
