"""The search for what moved, in a process of its own: it is seconds of work, in which every page of everybody would wait for its turn."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from typing import Any

from cx.errors import StoreError
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.findings import Happening, Moving
from cx.settings import ROOT

# What the process does: its answer goes out where it was born with, all else it may print goes to the log.
SEARCH = """
import os, pickle, sys
out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
from cx.findings import findings
out.write(pickle.dumps(findings(*pickle.load(sys.stdin.buffer))))
out.close()
"""


@lru_cache(maxsize=1)
def worker() -> ThreadPoolExecutor:
    """Who searches: one at a time, since a second search would only slow down the first."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="what-moved")


@lru_cache(maxsize=64)
def search(filters: Filters, compare: tuple[datetime, datetime] | None, happened: tuple[Happening, ...], now: Revision, url: str) -> Future[list[Moving]]:
    """The search for these filters and this state of the facts; asked for again it is the same one."""
    return worker().submit(_search, filters, compare, happened, now, url)


def awaited(future: Future[list[Moving]] | None) -> list[Moving]:
    """What a search found, once it has ended; nothing where none was asked for. One that failed is forgotten, so that the next visit looks again."""
    try:
        return future.result() if future is not None else []
    except Exception:  # of any kind: a failure must not be kept as the answer
        search.cache_clear()
        raise


def _search(*question: Any) -> list[Moving]:
    """Not by multiprocessing, which would first run the page again, taking it for the main program."""
    done = subprocess.run([sys.executable, "-c", SEARCH], input=pickle.dumps(question), capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False)  # fmt: skip
    if done.returncode:
        raise StoreError(f"The search for what moved ended early: {(done.stderr.decode(errors='replace').strip().splitlines() or ['no reason given'])[-1]}")
    found: list[Moving] = pickle.loads(done.stdout)  # our own process wrote it
    return found
