"""Gates on the way of launches and projects: what stands in the way of the next one. Pure: values in, sentences out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LAUNCH = ("scoping", "business_case", "development", "testing", "launch", "review")
PROJECT = ("define", "measure", "analyse", "improve", "control", "closed")
SETTLED = ("done", "not_needed")


def words(gate: str) -> str:
    """A gate as people say it: business case."""
    return gate.replace("_", " ")


def open_musts(gate: str, items: Sequence[Any]) -> list[Any]:
    """The items that must be done before a gate is passed and are not, those of earlier gates included."""
    upto = LAUNCH[: LAUNCH.index(gate) + 1]
    return [item for item in items if item.must and item.gate in upto and item.status not in SETTLED]


def launch_refused(was: str, wanted: str, items: Sequence[Any]) -> str:
    """Why a launch may not go from one gate to another, or nothing. Back is always possible, forward one gate at a time."""
    now, then = LAUNCH.index(was), LAUNCH.index(wanted)
    if then <= now:
        return ""
    if then > now + 1:
        return f"Gates are passed one by one; after {words(was)} comes {words(LAUNCH[now + 1])}, not {words(wanted)}."
    left = open_musts(was, items)
    if left:
        named = ", ".join(repr(item.title) for item in left[:3]) + (" …" if len(left) > 3 else "")
        return f"The gate {words(was)} stays shut while {len(left)} must-item{'s are' if len(left) > 1 else ' is'} open: {named}."
    return ""


def project_refused(was: str, wanted: str, project: Any, tollgates: Sequence[Any]) -> str:
    """Why a project may not go from one phase to another, or nothing. Forward takes a passed tollgate with evidence.

    Each phase has work of its own to show: define the problem and a target, measure the baseline, analyse the causes,
    improve the solution, control the plan that keeps the gain.
    """
    if "stopped" in (was, wanted):
        return ""
    now, then = PROJECT.index(was), PROJECT.index(wanted)
    if then <= now:
        return ""
    if then > now + 1:
        return f"Phases are passed one by one; after {was} comes {PROJECT[now + 1]}, not {wanted}."
    missing = unshown(was, project)
    if missing:
        return f"The tollgate of {was} needs {missing}; it is empty; fill it in."
    if not any(gate.phase == was and gate.decision == "passed" and (gate.evidence or "").strip() for gate in tollgates):
        return f"The tollgate of {was} was not passed: record its evidence and who decided first."
    return ""


def unshown(phase: str, project: Any) -> str:
    """The work that a phase must have left in the project and has not; "" where all is there."""
    needs: dict[str, tuple[tuple[str, bool], ...]] = {
        "define": (
            ("the problem", bool(project.problem)),
            ("a KPI or measure", bool(project.kpi or project.measure)),
            ("a target", project.target is not None),
        ),
        "measure": (("the baseline", project.baseline is not None),),
        "analyse": (("the causes found", bool(project.causes)),),
        "improve": (("the solution", bool(project.solution)), ("the day it took effect", project.in_effect_on is not None)),
        "control": (("the control plan", bool(project.control_plan)), ("the tested effect", project.effect is not None)),
    }
    return next((name for name, there in needs.get(phase, ()) if not there), "")
