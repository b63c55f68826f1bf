"""Imports that run in a process of their own, so that a large file never freezes other people's pages.

A job is a folder: the file as uploaded, how it is to be read, and, while the worker runs, its progress. The folder is
written by one side at a time and every file in it whole, so either side may die at any moment. A worker that is killed
leaves the store as it was, because an import is one transaction.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from cx.errors import NotFoundError
from cx.intake.plan import Plan
from cx.settings import ROOT, settings
from cx.store import gate

KEEP_SECONDS = 7 * 86_400
STATES = ("waiting", "running", "done", "failed", "cancelled")


@dataclass(frozen=True)
class Progress:
    """How far a job is: its state, the phase of the work, rows done in it, records in the file where known, and how it ended.

    `busy` where it failed only because another writer held the store: it may be tried again as it is.
    """

    state: str = "waiting"
    phase: str = ""
    rows: int = 0
    total: int = 0
    started: float = 0.0
    at: float = 0.0
    error: str = ""
    result: dict[str, Any] | None = None
    busy: bool = False

    @property
    def rate(self) -> float:
        """Rows a second in this phase so far."""
        return self.rows / (self.at - self.started) if self.rows and self.at > self.started else 0.0


@dataclass(frozen=True)
class Job:
    """A file that waits to be imported, is being imported, or was."""

    folder: Path

    @property
    def key(self) -> str:
        """Its identifier."""
        return self.folder.name

    @property
    def name(self) -> str:
        """The file's name as it was uploaded."""
        return str(_read(self.folder / "name.json").get("name", "file"))

    @property
    def file(self) -> Path:
        """The file."""
        return self.folder / "upload"

    @property
    def progress(self) -> Progress:
        """How far it is; a worker that died without a word has failed."""
        found = Progress(**_read(self.folder / "progress.json"))
        if found.state == "running" and not _alive(_read(self.folder / "worker.json").get("pid", 0)):
            return Progress("failed", found.phase, found.rows, found.total, found.started, found.at, "The import stopped before it was done; nothing was stored. Try again.")
        return found

    @property
    def actor(self) -> str:
        """Who had it imported; empty where nobody did yet."""
        return str(_read(self.folder / "order.json").get("actor", ""))

    @property
    def plan(self) -> Plan:
        """How it was read."""
        return Plan.from_json(_read(self.folder / "order.json")["plan"], self.file)

    def sha256(self) -> str:
        """Fingerprint of the file."""
        return str(_read(self.folder / "name.json").get("sha256", ""))


def folder() -> Path:
    """Where jobs live."""
    return settings().data_dir / "uploads"


def keep(name: str, content: IO[bytes]) -> Job:
    """Keep an uploaded file at once: what only the browser's session holds is gone with a change of page."""
    gate.ask()
    job = Job(folder() / uuid.uuid4().hex)
    job.folder.mkdir(parents=True)
    os.chmod(job.folder, 0o700)
    digest = hashlib.sha256()
    with open(job.file, "wb") as out:
        while block := content.read(1 << 20):
            digest.update(block)
            out.write(block)
    _write(job.folder / "name.json", {"name": name, "sha256": digest.hexdigest(), "at": time.time()})
    return job


def job(key: str) -> Job:
    """A job by its identifier. Raises NotFoundError where there is none."""
    found = Job(folder() / key)
    if not key.isalnum() or not found.folder.is_dir():
        raise NotFoundError("This upload is no longer there; upload the file again.")
    return found


def jobs() -> list[Job]:
    """Every job, the latest first."""
    if not folder().exists():
        return []
    found = [Job(p) for p in folder().iterdir() if (p / "name.json").exists()]
    return sorted(found, key=lambda j: float(_read(j.folder / "name.json").get("at", 0)), reverse=True)


def start(one: Job, plan: Plan, actor: str) -> None:
    """Begin to import in a process of its own."""
    gate.ask()  # the process itself has nobody at the screen
    _write(one.folder / "order.json", {"plan": plan.to_json(), "actor": actor})
    _write(one.folder / "progress.json", asdict(Progress("running", "read", 0, 0, time.time(), time.time())))
    with open(one.folder / "log", "wb") as log:
        worker = subprocess.Popen([sys.executable, "-m", "cx.intake.worker", str(one.folder)], cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    _write(one.folder / "worker.json", {"pid": worker.pid})


def cancel(one: Job) -> bool:
    """Stop a running import; the store stays as it was. False where it was over before."""
    gate.ask()
    now = one.progress
    pid = _read(one.folder / "worker.json").get("pid", 0)
    if now.state != "running":
        return False
    if _alive(pid):
        os.killpg(pid, signal.SIGKILL)
    report(one, Progress("cancelled", now.phase, now.rows, now.total, now.started, time.time()))
    return True


def discard(one: Job) -> None:
    """Forget an upload and its file."""
    shutil.rmtree(one.folder, ignore_errors=True)


def report(one: Job, progress: Progress) -> None:
    """Write how far a job is."""
    _write(one.folder / "progress.json", asdict(progress))


def tidy(now: float | None = None) -> int:
    """Forget uploads older than a week; returns how many."""
    limit = (now or time.time()) - KEEP_SECONDS
    old: Iterable[Job] = [j for j in jobs() if float(_read(j.folder / "name.json").get("at", 0)) < limit and j.progress.state != "running"]
    count = 0
    for one in old:
        discard(one)
        count += 1
    return count


def _alive(pid: int) -> bool:
    if not pid:
        return False
    try:
        ended, _ = os.waitpid(pid, os.WNOHANG)  # a child that ended would otherwise look alive until somebody asks
        if ended:
            return False
    except ChildProcessError:
        pass  # started by another process: ask whether it exists
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return content if isinstance(content, dict) else {}


def _write(file: Path, content: dict[str, Any]) -> None:
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    os.replace(draft, file)
