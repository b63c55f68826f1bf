"""Imports killed at random moments: after each, all of the file is stored or none of it, and a repeat completes it.

    python -m benchmarks.killed [KILLS] [ROWS]     half of the kills on SQLite, half on PostgreSQL
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg

from benchmarks import answers
from cx.facts import batches, health, history, mirror
from cx.intake import Options, plan, read
from cx.settings import settings
from cx.store.engine import engine
from cx.store.migrate import migrate
from tests import postgres

FORKS = multiprocessing.get_context("forkserver")


def take(file: Path, url: str) -> batches.Loaded:
    """Import a survey CSV whole: plan, read, store, mirror."""
    how = plan(file, file.name, Options(survey="Relationship"))
    return batches.load(how.dataset, lambda: read(how), batches.Origin(file.name, how.tool, how.survey), url)


def _child(file: Path, url: str, data: Path, begun: Connection) -> None:
    os.environ["CX_DATA_DIR"] = str(data)  # the process that forks keeps the surroundings it was started in
    begun.send(True)
    take(file, url)


def killed(file: Path, url: str, delay: float) -> bool:
    """Start an import in a process of its own and kill it `delay` seconds after it began; whether it was still running."""
    FORKS.set_forkserver_preload([__name__])
    here, there = FORKS.Pipe()
    child = FORKS.Process(target=_child, args=(file, url, settings().data_dir, there))
    child.start()
    there.close()
    try:
        here.recv()
    except EOFError:  # not a kill of ours: let it be seen and not waited for
        child.join()
        raise RuntimeError(f"the importing process ended by itself before it began, exit code {child.exitcode}") from None
    time.sleep(delay)
    running = child.is_alive()
    child.kill()
    child.join()
    return running


def outcome(file: Path, url: str, rows: int, delay: float) -> tuple[str, bool, float]:
    """What a killed import left behind ("nothing", "all" or "half"), whether importing again gives exactly the rows of the file, and the seconds that took."""
    killed(file, url, delay)
    mirror.recover(url)
    stored = [b.live for b in history.batches(url) if b.undone_at is None]
    left = "nothing" if stored == [] else "all" if stored == [rows] else "half"
    wrong = health.deep(url)
    if wrong or left == "half":
        print(f"after a kill at {delay:.3f} s: {stored} live rows, {wrong}", file=sys.stderr, flush=True)
        left = "half"
    begun = time.perf_counter()
    again = take(file, url)
    took = time.perf_counter() - begun
    counts = (again.inserted, again.unchanged) == ((0, rows) if left == "all" else (rows, 0))
    exact = counts and sum(b.live for b in history.batches(url)) == rows and health.deep(url) == []
    return left, exact, took


@contextmanager
def store(kind: str, server: str | None, folder: Path) -> Iterator[str]:
    """An empty store, copied from one that was migrated once; gone afterwards."""
    name = f"k{uuid.uuid4().hex[:12]}"
    if kind == "SQLite" or server is None:
        model, mine = folder / "model" / "cx.db", folder / name / "cx.db"
        if not model.exists():
            migrate(f"sqlite:///{model}")
            engine(f"sqlite:///{model}").dispose()
        mine.parent.mkdir()
        shutil.copy(model, mine)
        yield f"sqlite:///{mine}"
        engine(f"sqlite:///{mine}").dispose()
        shutil.rmtree(mine.parent)
        return
    model_url, url = (server.rsplit("/", 1)[0] + f"/{one}" for one in ("killed_model", name))
    with psycopg.connect(server, autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = 'killed_model'").fetchone():
            admin.execute("CREATE DATABASE killed_model")
            migrate(model_url)
            engine(model_url).dispose()
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE killed_model')
        yield url
        engine(url).dispose()
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    shutil.rmtree(mirror.folder(url), ignore_errors=True)


def soak(kind: str, server: str | None, kills: int, rows: int, folder: Path) -> Counter[str]:
    """Kill `kills` imports of a file of `rows` records at moments spread over the time one takes."""
    file = folder / "survey.csv"
    if not file.exists():
        answers.csv(file, rows)
    with store(kind, server, folder) as url:
        begun = time.perf_counter()
        take(file, url)
        whole = time.perf_counter() - begun
    chance, found = random.Random(kind), Counter[str]()
    for _ in range(kills):
        with store(kind, server, folder) as url:
            left, exact, took = outcome(file, url, rows, chance.uniform(0, 2.5 * whole))
        whole = took if left == "nothing" else whole  # a machine that gets busier shall not make every kill an early one
        found.update({"runs": 1, left: 1, "exact": int(exact)})
    return found


def main(kills: int = 200, rows: int = 200_000) -> int:
    """Print a line a store; 1 where an import was stored by half or a repeat was not exact."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        for kind in ("SQLite", "PostgreSQL"):
            found = soak(kind, server, kills // 2, rows, Path(folder))
            failed += found["half"] + (found["exact"] != found["runs"])
            print(f"kill -9 on {kind}, {rows:,} rows: {found['runs']} runs, nothing stored {found['nothing']}, all stored {found['all']}, "
                  f"half stored {found['half']}, repeats exact {found['exact']}", flush=True)  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
