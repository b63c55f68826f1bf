"""Folders of exports: each file once, whole, and known again by what is in it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from cx.commands import app
from cx.facts import batches, history
from cx.intake.folder import Inbox, exports

HEAD = "Response ID,Date,How likely are you to recommend us (0-10)?,Comment\n"


def survey(first: int, n: int, score: int = 9) -> str:
    return HEAD + "".join(f"R{i},2026-05-{i % 27 + 1:02d} 10:00:00,{score},fine {i}\n" for i in range(first, first + n))


def ran(*words: str | Path) -> list[dict[str, object]]:
    done = CliRunner().invoke(app, ["import", *map(str, words), "--survey", "Relationship", "--json"])
    assert done.exit_code == 0, done.output
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_a_folder_is_imported_file_by_file_and_once(store: str, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.csv").write_text(survey(0, 30, 9))
    (inbox / "b.csv").write_text(survey(30, 30, 3))
    (inbox / "notes.md").write_text("not an export")
    (inbox / ".half.csv").write_text(survey(0, 5))
    first = ran(inbox)
    assert [(Path(str(row["file"])).name, row["inserted"], row["known"]) for row in first] == [("a.csv", 30, None), ("b.csv", 30, None)]
    (moved,) = first[1]["kpis"]  # type: ignore[misc]
    assert (moved["key"], moved["before"], moved["after"], moved["n_before"], moved["n"]) == ("nps", 100.0, 0.0, 30, 60)
    (inbox / "a.csv").rename(inbox / "the same again.csv")
    assert [row["known"] for row in ran(inbox)] == [2, 1]
    batches.undo(2)
    assert [row["known"] for row in ran(inbox)] == [2, 1], "what somebody took back does not come in by itself"
    assert len(history.batches()) == 2


def test_a_file_that_still_grows_waits_and_a_changed_one_comes_again(tmp_path: Path) -> None:
    inbox, file = Inbox(tmp_path, settled=2), tmp_path / "a.csv"
    file.write_text("half")
    assert list(inbox.ready(0)) == []
    file.write_text("half and more")
    assert list(inbox.ready(2.5)) == []
    assert list(inbox.ready(4)) == []
    assert list(inbox.ready(4.6)) == [file]
    assert list(inbox.ready(9)) == []
    file.write_text("the export of the next day")
    assert list(inbox.ready(10)) == []
    assert list(inbox.ready(13)) == [file]
    assert exports(tmp_path) == [file]


def test_a_watched_folder_takes_what_is_dropped_into_it_and_says_so_line_by_line(store: str, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "bad.csv").write_bytes(b"%PDF-1.7 no export")
    (inbox / "a.csv").write_text(survey(0, 30))
    watcher = subprocess.Popen([sys.executable, "-m", "cx", "import", str(inbox), "--watch", "--every", "0.3", "--survey", "Relationship"],
                               cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    assert watcher.stdout is not None
    try:
        first, second = (json.loads(watcher.stdout.readline()) for _ in range(2))
        (inbox / "copy of a.csv").write_text(survey(0, 30))
        third = json.loads(watcher.stdout.readline())
    finally:
        watcher.terminate()
        watcher.wait(20)
        watcher.stdout.close()
    assert (first["inserted"], first["dataset"]) == (30, "responses")
    assert "PDF" in second["error"]
    assert third["known"] == first["batch"]
    assert [b.live for b in history.batches(store)] == [30]
