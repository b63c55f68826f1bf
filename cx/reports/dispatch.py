"""Scheduled reports on their way: what a schedule asks for, made, mailed, and written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cx import scorecard
from cx.blueprint.groups import GROUPS
from cx.errors import CxError, NotFoundError, StaleError
from cx.facts.filters import COLUMNS, Filters
from cx.facts.history import Revision, revision
from cx.facts.period import Period, compared, preset
from cx.findings import findings, registered
from cx.records.actor import Actor
from cx.records.lookup import DEMO, records
from cx.records.writing import update
from cx.reports.page import head, page
from cx.reports.paper import paper
from cx.reports.post import Attachment, Letter, Post
from cx.reports.report import Report, compose
from cx.reports.schedule import overdue
from cx.reports.workbook import workbook
from cx.settings import settings
from cx.store import audit
from cx.store.base import now as clock
from cx.store.engine import reading, writing

SUBJECT = "report_delivery"
DAEMON = Actor("report schedule", "admin")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {"pdf": ("application/pdf", paper), "xlsx": (XLSX, workbook), "html": ("text/html", page)}


@dataclass(frozen=True)
class Delivery:
    """One report sent, or not: to whom, which file of how many bytes, and why not. `refused` are addresses the server did not take."""

    schedule: int
    title: str
    at: datetime
    actor: str
    to: tuple[str, ...]
    file: str
    size: int
    sent: bool
    refused: tuple[str, ...] = ()
    reason: str = ""


def due(at: datetime | None = None) -> list[Any]:
    """The schedules that should have gone out by now. Those of the demo company are sent by name only, those to nobody not at all."""
    moment = at or datetime.now(UTC)
    return [s for s in records("report_schedule", active=True) if s.created_by != DEMO and s.recipients and overdue(s, moment)]


def named(title: str) -> Any:
    """The schedule of that title. Raises NotFoundError naming those there are."""
    found = records("report_schedule")
    for one in found:
        if one.title.casefold() == title.strip().casefold():
            return one
    known = ", ".join(repr(s.title) for s in found) or "none is written yet"
    raise NotFoundError(f"There is no report schedule {title!r}; there are: {known}.")


def view_of(schedule: Any, last: datetime | None) -> tuple[Filters, Period, Period | None]:
    """What a schedule looks at: its filters, its period counted back from the last day with data, the period compared with."""
    kept: Mapping[str, Any] = schedule.view if isinstance(schedule.view, dict) else {}
    period = preset(str(kept.get("period") or "90d"), (last - timedelta(days=1)).date()) if last else Period(None, None)
    before = compared(period, str(kept.get("compare") or "previous"))
    only = tuple((column, tuple(sorted(map(str, kept[column])))) for column in sorted(COLUMNS) if kept.get(column))
    wanted = set(kept.get("saved") or ())
    saved = tuple((row.name, json.dumps(row.rules, sort_keys=True)) for row in records("segment", active=True) if row.rules and row.name in wanted)
    return Filters(period.start, period.end, only, saved, last if saved else None), period, before


def made(schedule: Any, now: Revision | None = None) -> Report:
    """The report a schedule asks for, as of the data that is there."""
    state = now or revision()
    filters, period, before = view_of(schedule, scorecard.latest(state))
    compare = (before.start, before.end) if before and before.start and before.end else None
    found = findings(filters, compare, registered(), state) if compare and filters.start else []
    narrowed = "".join(f" · {column} {', '.join(values)}" for column, values in filters.only) + "".join(f" · saved segment {name}" for name, _ in filters.saved)
    return compose(filters, compare, state, title=schedule.title, period=period.text + narrowed, versus=before.text if before else "", group=schedule.group or "", found=found, brief=schedule.content == "summary")


def letter(schedule: Any, report: Report) -> Letter:
    """The mail: the report in a few lines of text, and the whole of it as a file."""
    mime, write = FORMS[schedule.form]
    parts = [report.title, head(report), "", report.summary]
    for title, sentences in (("What moved", report.findings), ("What to do next", report.advice)):
        if sentences:
            parts += ["", title, *(f"- {s}" for s in sentences)]
    where = GROUPS[schedule.group].title if schedule.group else "All groups"
    parts += ["", f"{where}. The {schedule.form.upper()} attached holds {len(report.lines)} KPIs with interval, n, change and target."]
    name = "".join(c if c.isalnum() else "-" for c in f"{schedule.title} {report.through or ''}".strip().lower()).strip("-")
    return Letter(tuple(schedule.recipients or ()), report.title, "\n".join(parts) + "\n", (Attachment(f"{name}.{schedule.form}", mime, write(report)),))


def send(schedule: Any, post: Post, actor: Actor = DAEMON, at: datetime | None = None) -> Delivery | None:
    """Make a report and mail it, and write down what went to whom. None where another process took the schedule first.

    The schedule is marked as sent before the mail goes out, so that two programs never send the same report; where the
    mail fails the mark is taken back, and it is due again.
    """
    actor.require("manager", "send a report")
    moment, before = at or clock(), schedule.last_sent_at
    try:
        taken = update("report_schedule", schedule.id, {"last_sent_at": moment}, schedule.version, actor)
    except StaleError:
        return None
    done: Delivery
    try:
        mail = letter(schedule, made(schedule))
        refused = post.send(mail)
        done = Delivery(schedule.id, schedule.title, moment, actor.name, mail.to, mail.files[0].name, len(mail.files[0].data), True, refused)
    except CxError as error:
        done = Delivery(schedule.id, schedule.title, moment, actor.name, tuple(schedule.recipients or ()), "", 0, False, reason=str(error))
    except BaseException:
        update("report_schedule", schedule.id, {"last_sent_at": before}, taken.version, actor)
        raise
    if not done.sent:
        update("report_schedule", schedule.id, {"last_sent_at": before}, taken.version, actor)
    with writing() as session:
        audit.record(session, actor.name, "send" if done.sent else "fail", SUBJECT, schedule.id, after=asdict(done))
    return done


def deliveries(limit: int = 100) -> list[Delivery]:
    """What was sent to whom, the latest first."""
    with reading() as session:
        kept = [json.loads(entry.after) for entry in audit.history(session, SUBJECT, limit=limit) if entry.after]
    return [Delivery(**{**one, "at": datetime.fromisoformat(one["at"]), "to": tuple(one["to"]), "refused": tuple(one["refused"])}) for one in kept]


def send_all(schedules: Sequence[Any], post: Post, actor: Actor = DAEMON, at: datetime | None = None) -> list[Delivery]:
    """Send each of these; one that fails keeps no other back."""
    return [done for one in schedules if (done := send(one, post, actor, at)) is not None]


def ready() -> bool:
    """Whether a mail server is set up."""
    return bool(settings().smtp_url)
