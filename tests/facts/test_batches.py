"""Import, re-import and undo, against a simple model of what they must do."""

from __future__ import annotations

from collections import Counter

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx import erasing
from cx.errors import InputError, NotFoundError, StoreError
from cx.facts import batches, engine, history, mirror
from cx.records.actor import Actor
from cx.store.engine import writing
from cx.store.migrate import migrate
from tests.facts.rows import Bad, answer, live, mirrored, part

ANN = Actor("ann", "manager")


def load(rows, url, **more):
    return batches.load("responses", lambda: [part("responses", rows, **more)], batches.Origin(source="a.csv", actor="ann"), url)


def test_a_file_comes_in_and_its_records_are_counted(any_store):
    done = load([answer("a"), answer("b", 3)], any_store, excluded={"preview": 2}, rejects=(Bad(9),))
    assert (done.records, done.inserted, done.updated, done.unchanged, done.excluded, done.rejected, done.answers) == (5, 2, 0, 0, 2, 1, 2)
    assert live(any_store) == mirrored(any_store) == {"a": (9, 1), "b": (3, 1)}
    assert list(history.rejects(done.batch, any_store)) == [{"line": 9, "column": "score", "value": "x", "reason": "is no number", "raw": {"score": "x"}}]


def test_the_same_file_again_changes_nothing(any_store):
    load([answer("a"), answer("b", 3)], any_store)
    again = load([answer("a"), answer("b", 3)], any_store)
    assert (again.unchanged, again.answers) == (2, 0)
    assert live(any_store) == mirrored(any_store) == {"a": (9, 1), "b": (3, 1)}


def test_a_known_key_with_new_content_replaces_the_row_and_undo_brings_it_back(any_store):
    load([answer("a"), answer("b", 3)], any_store)
    second = load([answer("a", 1), answer("c", 5)], any_store)
    assert (second.inserted, second.updated) == (1, 1)
    assert live(any_store) == mirrored(any_store) == {"a": (1, 2), "b": (3, 1), "c": (5, 2)}
    back = batches.undo(second.batch, "ann", any_store)
    assert (back.restored, back.removed) == (1, 2)
    assert live(any_store) == mirrored(any_store) == {"a": (9, 1), "b": (3, 1)}


def test_undoing_the_middle_of_three_keeps_the_latest_and_undoing_that_reveals_the_first(any_store):
    first, second, third = (load([answer("a", score)], any_store) for score in (1, 2, 3))
    batches.undo(second.batch, url=any_store)
    assert live(any_store) == mirrored(any_store) == {"a": (3, third.batch)}
    batches.undo(third.batch, url=any_store)
    assert live(any_store) == mirrored(any_store) == {"a": (1, first.batch)}


def test_one_record_with_several_answers_counts_once(store):
    rows = [answer("a|nps", 9, line=1), answer("a|ces", 5, line=1), answer("b|nps", 7, line=2)]
    done = load(rows, store)
    assert (done.records, done.inserted, done.answers) == (2, 2, 3)
    changed = load([answer("a|nps", 9, line=1), answer("a|ces", 6, line=1)], store)
    assert (changed.records, changed.updated, changed.answers) == (1, 1, 1)


def test_a_key_twice_in_one_file_ends_with_the_last_record(store):
    done = load([answer("a", 1, line=1), answer("a", 2, line=2), answer("a", 2, line=3)], store)
    assert (done.inserted, done.updated, done.unchanged, done.answers) == (1, 1, 1, 1)
    assert live(store) == {"a": (2, 1)}


def test_a_file_without_a_usable_record_is_refused_and_leaves_nothing(store):
    with pytest.raises(InputError, match="none can be used"):
        load([], store, rejects=(Bad(1), Bad(2)))
    assert history.batches(store) == []


def test_a_dry_run_counts_and_keeps_nothing(store):
    load([answer("a")], store)
    trial = batches.load("responses", [part("responses", [answer("a", 2), answer("b")])], url=store, dry_run=True)
    assert (trial.updated, trial.inserted) == (1, 1)
    assert live(store) == mirrored(store) == {"a": (9, 1)}
    assert len(history.batches(store)) == 1


def test_undo_twice_or_of_nothing_says_so(store):
    done = load([answer("a")], store)
    batches.undo(done.batch, url=store)
    with pytest.raises(NotFoundError, match="undone before"):
        batches.undo(done.batch, url=store)
    with pytest.raises(NotFoundError, match="no batch 99"):
        batches.undo(99, url=store)


def test_real_data_hides_the_demo_company_and_undoing_it_brings_the_demo_back(any_store):
    batches.load("responses", [part("responses", [answer("a"), answer("d")])], batches.Origin(demo=True), any_store)
    assert history.revision(any_store).demo
    real = load([answer("a", 2)], any_store)
    state = history.revision(any_store)
    assert not state.demo
    assert state.rows("responses") == 1
    assert [(row["key"], row["score"]) for row in engine.rows(engine.tables()["responses"], any_store)] == [("a", 2.0)]
    batches.undo(real.batch, url=any_store)
    assert history.revision(any_store).rows("responses") == 2
    assert batches.drop_demo(url=any_store) == 2
    assert history.revision(any_store).rows("responses") == 0


def test_a_lost_mirror_is_rebuilt_from_the_store_exactly(any_store):
    load([answer("a", customer_id="c1", comment="naïve ‘quote’, \\N and \"this\"", delivered=True), answer("b", 3.5, comment="")], any_store)
    load([answer("a", 4)], any_store)
    kept = {f: pq.read_table(f) for f in mirror.folder(any_store).glob("responses/*.parquet")}
    for file in kept:
        file.unlink()
    table = engine.fetch(engine.tables()["responses"], any_store)
    assert table.num_rows == 2
    for file, before in kept.items():
        if file.exists():
            assert pq.read_table(file).to_pylist() == before.to_pylist()


def test_files_nobody_names_are_swept_at_the_next_start(store):
    load([answer("a")], store)
    litter = mirror.path("responses", 77, 1, store)
    litter.write_bytes(b"half a file")
    assert mirror.recover(store) == 1
    assert not litter.exists()
    assert mirrored(store) == {"a": (9, 1)}


def test_a_writer_inside_a_writer_is_refused_instead_of_waiting_for_itself(store):
    with pytest.raises(StoreError, match="inside another"), writing(store), writing(store):
        pass


CONTENTS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2)), min_size=1, max_size=8)
PEOPLE = dict(zip("abcdef", ("Ada", "Ada", "Bo", "Bo", "Cy", "Cy"), strict=True))  # whose answer a key is
STEPS = st.lists(
    st.one_of(st.tuples(st.just("load"), CONTENTS), st.tuples(st.just("undo"), st.integers(1, 8)), st.tuples(st.just("erase"), st.sampled_from(("Ada", "Bo", "Cy")))),
    min_size=1, max_size=9,
)  # fmt: skip


class Model:
    """The rule in its simplest form: each key is a stack of (batch, score); a batch puts one entry on top, undo takes its entry out.

    Erasing takes all entries of a person out, and whatever comes in of them later is left out.
    """

    def __init__(self):
        self.stacks, self.counts, self.next, self.gone, self.erased = {}, Counter(), 1, set(), set()

    def load(self, rows):
        final, counts = {}, Counter()
        for key, score in rows:
            if PEOPLE[key] in self.erased:
                counts["excluded"] += 1
                continue
            before = final.get(key, self.stacks.get(key, [(0, None)])[-1][1] if self.stacks.get(key) else None)
            counts["inserted" if before is None else "unchanged" if before == score else "updated"] += 1
            final[key] = score
        for key, score in final.items():
            stack = self.stacks.setdefault(key, [])
            if not stack or stack[-1][1] != score:
                stack.append((self.next, score))
        self.next += 1
        return counts

    def undo(self, batch):
        for stack in self.stacks.values():
            stack[:] = [entry for entry in stack if entry[0] != batch]
        self.gone.add(batch)

    def erase(self, person):
        mine = [key for key in self.stacks if PEOPLE[key] == person]
        for key in mine:
            del self.stacks[key]
        self.erased.add(person)

    def live(self):
        return {key: (score, batch) for key, stack in self.stacks.items() if stack for batch, score in stack[-1:]}


def run(steps, url):
    model = Model()
    for what, value in steps:
        if what == "load":
            rows = [answer(key, float(score), line=i, customer_id=PEOPLE[key]) for i, (key, score) in enumerate(value, 1)]
            if all(PEOPLE[key] in model.erased for key, _ in value):
                with pytest.raises(InputError, match="erased"):
                    load(rows, url)
                continue
            done = load(rows, url)
            expected = model.load(value)
            counts = {"inserted": done.inserted, "updated": done.updated, "unchanged": done.unchanged, "excluded": done.excluded}
            assert counts == {n: expected[n] for n in counts}
            assert done.records == done.inserted + done.updated + done.unchanged + done.excluded + done.rejected
        elif what == "erase":
            try:
                erasing.erase(value, ANN, url)
            except NotFoundError:
                assert not any(PEOPLE[key] == value for key in model.live())
            else:
                model.erase(value)
        elif value < model.next and value not in model.gone:
            batches.undo(value, url=url)
            model.undo(value)
        assert live(url) == mirrored(url) == model.live()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_imports_undos_and_erasures_leaves_store_and_mirror_equal_to_the_model(steps, tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('model') / 'cx.db'}"
    migrate(url)
    run(steps, url)


def test_a_long_sequence_holds_on_postgresql_too(any_store):
    steps = [("load", [("a", 0), ("b", 1)]), ("load", [("a", 1), ("c", 0)]), ("load", [("a", 1), ("b", 2)]), ("undo", 1), ("undo", 3), ("load", [("b", 1)]), ("erase", "Ada"), ("load", [("a", 2), ("d", 1)]), ("undo", 2), ("load", [("a", 0)])]
    run(steps, any_store)


def test_the_engine_reads_what_was_loaded(any_store):
    load([answer(f"k{i}", float(i % 11), segment="ABC"[i % 3]) for i in range(300)], any_store)
    table = engine.tables()["responses"]
    found = engine.rows(table.group_by("segment").aggregate(n=table.count(), mean=table.score.mean()).order_by("segment"), any_store)
    assert [row["n"] for row in found] == [100, 100, 100]
