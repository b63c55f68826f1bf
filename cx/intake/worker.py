"""The process that imports one job: `python -m cx.intake.worker FOLDER`."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cx.errors import BusyError, CxError
from cx.facts import arrangement, batches
from cx.intake.jobs import Job, Progress, report
from cx.intake.plan import Plan
from cx.intake.reading import read

TICK = 0.25


def work(job: Job) -> Progress:
    """Import the job's file and report as it goes; returns how it ended."""
    order = json.loads((job.folder / "order.json").read_text("utf-8"))
    plan = Plan.from_json(order["plan"], job.file)
    begun = last = time.time()
    state: dict[str, Any] = {"phase": "", "from": begun, "total": 0}

    def tell(phase: str, rows: int) -> None:
        nonlocal last
        now = time.time()
        if phase != state["phase"]:
            state.update(phase=phase, **{"from": now})
        elif now - last < TICK:
            return
        if phase == "compare":
            state["total"] = rows
        last = now
        report(job, Progress("running", phase, rows, state["total"], state["from"], now))

    origin = batches.Origin(job.name, plan.tool, plan.survey, job.sha256(), order["plan"], order["actor"], warnings=plan.warnings)
    try:
        loaded = batches.load(plan.dataset, lambda: read(plan), origin, progress=tell)
    except CxError as error:
        return Progress("failed", state["phase"], 0, 0, begun, time.time(), str(error), busy=isinstance(error, BusyError))
    except Exception:  # whoever waits for the job must hear of its end, whatever ended it
        logging.exception("import of %s", job.name)
        return Progress("failed", state["phase"], 0, 0, begun, time.time(), "The import failed for a reason of ours, which is in the log; nothing was stored.")
    return Progress("done", "done", loaded.records, loaded.records, begun, time.time(), "", {**asdict(loaded), "reasons": dict(loaded.reasons)})


def main() -> None:
    """Work at lower priority than the pages people look at."""
    os.nice(5)
    job = Job(Path(sys.argv[1]))
    report(job, work(job))
    arrangement.arrange()


if __name__ == "__main__":
    main()
