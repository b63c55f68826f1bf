"""Who does not want to be asked again: noted by themselves from a mail, or by hand where they said so otherwise; lifted by hand alone."""

from __future__ import annotations

from sqlmodel import col, select

from cx.errors import InputError, NotFoundError
from cx.records.actor import Actor
from cx.records.invitations import OptOut
from cx.store import audit
from cx.store.engine import reading, writing

SUBJECT = "survey_opt_out"
LONGEST = 200


def listed(most: int = 1_000) -> list[OptOut]:
    """Those who do not want to be asked, the latest first."""
    with reading() as session:
        return list(session.exec(select(OptOut).order_by(col(OptOut.id).desc()).limit(most)))


def note(customer: str, actor: Actor) -> None:
    """Note that a customer said so. Raises AccessError below contributor, InputError for no identifier or one that is noted already."""
    actor.require("contributor", "note who is not to be asked")
    name = customer.strip()
    if not name or len(name) > LONGEST:
        raise InputError("a customer is named by the identifier in the data", f"found {name[:40]!r}", "write it as it stands there")
    with writing() as session:
        if session.exec(select(OptOut).where(OptOut.customer_id == name)).first() is not None:
            raise InputError("a customer is noted once", f"{name!r} is noted already", "nothing needs to be done")
        session.add(OptOut(customer_id=name, way="hand"))
        audit.record(session, actor.name, "create", SUBJECT, "", after={"way": "hand"})  # not whom: the note goes when the customer is erased, the log stays


def lift(customer: str, actor: Actor) -> None:
    """A customer wants to be asked again. Raises AccessError below manager, NotFoundError where they are not noted."""
    actor.require("manager", "let a customer be asked again")
    with writing() as session:
        found = session.exec(select(OptOut).where(OptOut.customer_id == customer)).first()
        if found is None:
            raise NotFoundError(f"The customer {customer!r} is not among those who do not want to be asked.")
        session.delete(found)
        audit.record(session, actor.name, "delete", SUBJECT, "", before={"way": found.way})
