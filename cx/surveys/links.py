"""The links of a survey that name nobody: the public one, and the one of its preview."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from cx.errors import SettingError
from cx.records.actor import Actor
from cx.records.invitations import SurveyLink, new_token
from cx.settings import settings
from cx.store import audit
from cx.store.engine import reading, writing

KINDS = ("public", "preview")


def tokens(survey: int) -> dict[str, str]:
    """Kind -> token of the links a survey has."""
    with reading() as session:
        return _tokens(session, survey)


def _tokens(session: Session, survey: int) -> dict[str, str]:
    rows = session.exec(select(SurveyLink).where(SurveyLink.survey_id == survey).order_by(col(SurveyLink.id)))
    return {row.kind: row.token for row in rows}


def opened(survey: int, actor: Actor) -> dict[str, str]:
    """The same, those made that are not there yet."""
    there = tokens(survey)
    if all(kind in there for kind in KINDS):
        return there
    actor.require("contributor", "make the link of a survey")
    with writing() as session:
        there = _tokens(session, survey)
        for kind in KINDS:
            if kind not in there:
                session.add(SurveyLink(survey_id=survey, kind=kind, token=new_token(), actor=actor.name))
                audit.record(session, actor.name, "create", "survey_link", survey, after={"kind": kind})
        session.flush()
        return _tokens(session, survey)


def renewed(survey: int, actor: Actor) -> dict[str, str]:
    """A new public link; the old one opens nothing from now on."""
    actor.require("manager", "replace the link of a survey")
    with writing() as session:
        for row in session.exec(select(SurveyLink).where(SurveyLink.survey_id == survey, SurveyLink.kind == "public")):
            session.delete(row)
        session.flush()
        session.add(SurveyLink(survey_id=survey, kind="public", token=new_token(), actor=actor.name))
        audit.record(session, actor.name, "update", "survey_link", survey, after={"kind": "public"})
        session.flush()
        return _tokens(session, survey)


def base(seen: str = "") -> str:
    """The address that links begin with: CX_PUBLIC_URL, else that of the page looked at (`seen`).

    Raises SettingError where the setting is no address, or neither is there.
    """
    given = settings().public_url or seen
    try:
        parts = urlsplit(given)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits:
        found = f"it is {given!r}" if given else "it is not set"
        raise SettingError("CX_PUBLIC_URL must be the address people reach this server at, such as https://cx.example.com", found, "set it")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') if settings().public_url else ''}"


def address(token: str, root: str) -> str:
    """The address of a form."""
    return f"{root}/s/{token}"
