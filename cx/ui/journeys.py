"""Journeys as people keep them: read with their steps, begun from a template, copied into a new edition, reordered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cx.errors import InputError
from cx.records import lookup, writing
from cx.records.actor import Actor
from cx.records.journeys import Journey, JourneyStep
from cx.records.registry import register
from cx.ui import journey_map, journey_templates
from cx.ui.journey_map import Step

COPIED = ("persona_id", "segment", "device", "kind", "goal", "owner", "description")
COMPARED = ("phase", "name", "actions", "touchpoint_id", "channel", "thoughts", "feeling", "feeling_wanted", "emotion", "pains", "opportunities",
            "owner", "technology_id", "process_id", "decision", "branch")  # fmt: skip


def called(journey: Journey) -> str:
    """What a journey is called in a list."""
    return f"{journey.name} · edition {journey.edition}" + ("" if journey.status == "agreed" else f" · {journey.status}")


def drawn(rows: list[JourneyStep], marks: Mapping[str, tuple[journey_map.Mark, ...]] | None = None) -> list[Step]:
    """The steps as columns of the map; `marks` are the live numbers by touchpoint."""
    touchpoints, systems, processes = (lookup.labels(name) for name in ("touchpoint", "technology", "process"))
    out = []
    for row in rows:
        place = touchpoints.get(row.touchpoint_id or 0, "")
        lanes = tuple((str(k), str(v)) for k, v in row.notes.items() if v) if isinstance(row.notes, dict) else ()
        out.append(Step(
            row.name, row.phase or "", row.actions or "", place, row.channel or "", row.thoughts or "", row.feeling, row.feeling_wanted, row.emotion or "",
            row.pains or "", row.opportunities or "", row.owner or "", systems.get(row.technology_id or 0, ""), processes.get(row.process_id or 0, ""), row.decision or "", row.branch or "",
            (marks or {}).get(place, ()), lanes,
        ))  # fmt: skip
    return out


def lanes_written(notes: Any) -> str:
    """Further lanes of a step as text to edit, one to a line: the name of the lane, a colon, what stands in it."""
    return "\n".join(f"{name}: {text}" for name, text in notes.items()) if isinstance(notes, dict) else ""


def lanes_read(text: str) -> dict[str, str]:
    """The same text read back. Raises InputError for a line without the name of a lane."""
    found: dict[str, str] = {}
    for line in (part.strip() for part in text.splitlines() if part.strip()):
        name, colon, words = (part.strip() for part in line.partition(":"))
        if not colon or not name or not words:
            raise InputError("a further lane is written as its name, a colon and what stands in it, such as “Cost: 4 euros a call”", f"found {line[:60]!r}", "correct the line")
        found[name] = f"{found[name]}\n{words}" if name in found else words
    return found


def begin(name: str, template: str, actor: Actor, values: Mapping[str, Any] | None = None) -> int:
    """A new journey, from a template where one is named; touchpoints that the register lacks are added. Returns its number."""
    with writing.unit() as session:
        made = writing.create("journey", {"name": name, **(values or {})}, actor, session=session)
        for row in journey_templates.steps(template) if template else []:
            place = str(row.pop("touchpoint"))
            link = _touchpoint(place, str(row["phase"]), str(row["channel"]), actor, session)
            writing.create("journey_step", {**row, "journey_id": made.id, "touchpoint_id": link}, actor, session=session)
        return int(made.id)


def _touchpoint(name: str, phase: str, channel: str, actor: Actor, session: Any) -> int | None:
    if not name:
        return None
    found = next((t for t in lookup.records("touchpoint", session=session) if t.name.lower() == name.lower()), None)
    if found is None:
        known = ("Awareness", "Consideration", "Purchase", "Retention", "Advocacy")
        found = writing.create("touchpoint", {"name": name, "phase": phase if phase in known else None, "channel": channel or None}, actor, session=session)
    return int(found.id)


def edition(journey: Journey, actor: Actor) -> int:
    """A copy of the journey with all its steps as the next edition, a draft. Returns its number."""
    with writing.unit() as session:
        same = [j.edition for j in lookup.records("journey", session=session) if j.name == journey.name]
        values = {field: getattr(journey, field) for field in COPIED}
        made = writing.create(
            "journey", {**values, "name": journey.name, "edition": max(same, default=0) + 1, "replaces_id": journey.id, "status": "draft"}, actor, session=session
        )
        for step in lookup.records("journey_step", session=session, journey_id=journey.id):
            writing.create("journey_step", {**step.values(), "journey_id": made.id}, actor, session=session)
        return int(made.id)


def ordered(journey_id: int, order: list[int], actor: Actor) -> None:
    """Number the steps of a journey anew, in the order of their record numbers given."""
    with writing.unit() as session:
        for row in lookup.records("journey_step", session=session, journey_id=journey_id):
            if row.id in order:
                writing.update("journey_step", row.id, {"position": order.index(row.id) + 1}, row.version, actor, session=session)


def insert(journey_id: int, after: int, actor: Actor, name: str = "New step") -> int:
    """A new step behind position `after` (0: first), of the same phase. Returns its record number."""
    with writing.unit() as session:
        rows = lookup.records("journey_step", session=session, journey_id=journey_id)
        phase = rows[max(after - 1, 0)].phase if rows else None
        for i, row in enumerate(rows):
            writing.update("journey_step", row.id, {"position": i + 1 + (i >= after)}, row.version, actor, session=session)
        made = writing.create("journey_step", {"journey_id": journey_id, "position": after + 1, "name": name, "phase": phase}, actor, session=session)
        return int(made.id)


def differences(old: list[JourneyStep], new: list[JourneyStep]) -> list[dict[str, str]]:
    """What changed from one edition to another: steps added, removed, moved, and each field that reads otherwise.

    Steps are matched by name, those left over by their place in the order.
    """
    before = {s.name.lower(): s for s in old}
    pairs = [(before.pop(s.name.lower(), None), s) for s in new]
    left = {s.position: s for s in before.values()}
    pairs = [(o or left.pop(s.position, None), s) for o, s in pairs]
    named = {"touchpoint_id": lookup.labels("touchpoint"), "technology_id": lookup.labels("technology"), "process_id": lookup.labels("process")}
    titles = register("journey_step").fields
    out = [{"step": s.name, "what": "removed", "before": s.name, "after": ""} for s in left.values()]
    for o, s in pairs:
        if o is None:
            out.append({"step": s.name, "what": "added", "before": "", "after": s.name})
            continue
        for field in COMPARED:
            a, b = getattr(o, field), getattr(s, field)
            if (a or None) != (b or None):
                shown = [("" if v is None else str(named[field].get(v, v)) if field in named else str(v).replace("\n", "; ")) for v in (a, b)]
                out.append({"step": s.name, "what": titles[field].title, "before": shown[0], "after": shown[1]})
    return out
