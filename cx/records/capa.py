"""The way of a corrective case: which moves there are, and what each needs. Pure: it knows values, not the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WAY = ("raised", "root_cause", "plan", "done", "verified", "closed")
TITLES = {
    "raised": "Raised", "root_cause": "Root cause", "plan": "Plan", "done": "Done", "verified": "Verified effective", "closed": "Closed", "cancelled": "Cancelled",
}  # fmt: skip


def next_states(state: str) -> tuple[str, ...]:
    """Where a case may go from a state: one on, one back, back to the cause once the work is done, or cancelled.

    >>> next_states("done")
    ('verified', 'plan', 'root_cause', 'cancelled')
    """
    if state == "cancelled":
        return ("raised",)
    place = WAY.index(state)
    found = [*WAY[place + 1 : place + 2], *WAY[max(place - 1, 0) : place]]
    if state in ("done", "verified", "closed"):
        found.append("root_cause")
    return tuple(dict.fromkeys(found + ([] if state == "closed" else ["cancelled"])))


def refused(was: str, wanted: str, case: Any, tasks: Sequence[Any] = ()) -> str:
    """Why a case may not go from one state to another: a sentence, or nothing where it may.

    `case` has the fields of a corrective case as they would be stored, `tasks` its corrective tasks.
    """
    if was == wanted:
        return ""
    if wanted not in next_states(was):
        ways = " or ".join(TITLES[s] for s in next_states(was))
        skipped = ""
        if wanted in WAY and was in WAY and WAY.index(wanted) > WAY.index(was) + 1:
            missing = TITLES[WAY[WAY.index(wanted) - 1]].lower()
            skipped = (
                " It has not been verified: a case is closed only once its cure has been shown to work."
                if wanted == "closed"
                else f" It must first be {missing}."
            )
        return f"From {TITLES[was]} a case can go to {ways}, not to {TITLES[wanted]}.{skipped}"
    return lacking(wanted, case, tasks)


def lacking(state: str, case: Any, tasks: Sequence[Any] = ()) -> str:
    """What a case needs to be in a state and does not have: a sentence, or nothing."""
    return lack(state, case, tasks)[1]


def lack(state: str, case: Any, tasks: Sequence[Any] = ()) -> tuple[str, str]:
    """The field of a case that its state needs filled in otherwise, and the sentence that says so; two empty texts where nothing is lacking."""
    if state == "cancelled" or WAY.index(state) == 0:
        return "", ""
    place = WAY.index(state)
    if not case.problem:
        return "problem", "To look for the cause one must know the problem; it is empty; say what happened, where and how often."
    if place >= WAY.index("plan") and not case.root_cause:
        return "root_cause", "A plan needs the root cause; it is empty; find it first."
    if place >= WAY.index("done") and not case.plan:
        return "plan", "What is done must have been planned; the plan is empty; write it."
    unfinished = [task.title for task in tasks if task.status in ("open", "in_progress") and task.kind != "verification"]
    if place >= WAY.index("done") and unfinished:
        return "status", f"Every task must be done or dropped first; {len(unfinished)} not yet, such as {unfinished[0]!r}."
    if place >= WAY.index("verified"):
        if not case.measure or case.verified_on is None or not case.verified_by:
            empty = "measure" if not case.measure else "verified_on" if case.verified_on is None else "verified_by"
            return empty, "To be verified it must say what proves it, when that was seen and by whom; one of them is empty; fill it in."
        if case.effective != "yes":
            return "effective", "A case is verified, and closed, only once its cure proved effective; the verdict is not yes; go back to the cause."
        if case.owner and case.verified_by.strip().casefold() == case.owner.strip().casefold():
            return "verified_by", f"Somebody other than the owner must verify it; both are {case.owner}; ask a colleague."
    return "", ""
