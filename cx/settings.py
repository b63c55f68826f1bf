"""Every setting as a row: its environment variable, its default and one sentence.

`settings()` reads the environment each time it is called, so that a test or a
worker that changes the environment sees the change.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cx.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One environment variable: `name`, what is used without it, and what it is for."""

    name: str
    default: str
    sentence: str


SETTINGS = (
    Setting("CX_DATA_DIR", "", "Folder of the default store, the mirror and uploads; `data/` of the project when empty."),
    Setting("CX_DATABASE_URL", "", "Store: an SQLAlchemy URL (SQLite or PostgreSQL); a SQLite file in the data folder when empty."),
    Setting("CX_ENGINE", "", "Where measures are computed: any Ibis URL whose tables carry the dataset names; DuckDB over the mirror when empty."),
    Setting("CX_MINIMUM_GROUP", "5", "Groups with fewer respondents are hidden (3 to 10)."),
    Setting("CX_AS_OF", "", "Compute as if today were this date (YYYY-MM-DD); for demonstrations and repeatable reports."),
    Setting("CX_SMTP_URL", "", "Mail server for scheduled reports and survey invitations, such as smtp://user:password@mail.example.com:587 or smtps://…; nothing is mailed when empty."),
    Setting("CX_MAIL_FROM", "", "E-mail address that mail comes from; the user of CX_SMTP_URL when empty."),
    Setting("CX_PUBLIC_URL", "", "Address at which customers reach the survey forms, such as https://cx.example.com; links in invitations begin with it."),
    Setting("CX_ADMIN", "", "Who becomes admin at their first sign-in, separated by commas: e-mail addresses the sign-in service has checked, or its subjects."),
    Setting("CX_NEW_MEMBER_ROLE", "viewer", "Role of everybody else at their first sign-in: viewer, contributor, manager or admin."),
    Setting("CX_SIGN_IN_HOURS", "12", "Hours after which one must sign in again (1 to 720)."),
    Setting("PORT", "8501", "Port that `serve` listens on."),
    Setting("CX_HOST", "127.0.0.1", "Address that `serve` listens on; without sign-in only loopback is allowed."),
)

NAMES = tuple(row.name for row in SETTINGS)


@dataclass(frozen=True)
class Settings:
    """The settings in force."""

    data_dir: Path
    database_url: str
    engine: str
    minimum_group: int
    as_of: str
    port: int
    host: str
    admins: tuple[str, ...] = ()
    new_member_role: str = "viewer"
    sign_in_hours: int = 12
    smtp_url: str = ""
    mail_from: str = ""
    public_url: str = ""


def _number(name: str, text: str, low: int, high: int) -> int:
    if not text.isdigit() or not low <= int(text) <= high:
        raise SettingError(f"{name} must be a whole number from {low} to {high}", f"it is {text!r}", "change it or unset it")
    return int(text)


def _choice(name: str, text: str, among: tuple[str, ...]) -> str:
    if text not in among:
        raise SettingError(f"{name} must be one of {', '.join(among)}", f"it is {text!r}", "change it or unset it")
    return text


def settings() -> Settings:
    """Read the environment. Raises SettingError with one sentence where a value cannot be used."""
    return _settings(tuple(map(os.environ.get, NAMES)))


@lru_cache(maxsize=8)
def _settings(values: tuple[str | None, ...]) -> Settings:
    value = {row.name: (text or "").strip() or row.default for row, text in zip(SETTINGS, values, strict=True)}
    data_dir = Path(value["CX_DATA_DIR"] or ROOT / "data").expanduser().resolve()
    return Settings(
        data_dir=data_dir,
        database_url=value["CX_DATABASE_URL"] or f"sqlite:///{data_dir / 'cx.db'}",
        engine=value["CX_ENGINE"],
        minimum_group=_number("CX_MINIMUM_GROUP", value["CX_MINIMUM_GROUP"], 3, 10),
        as_of=value["CX_AS_OF"],
        port=_number("PORT", value["PORT"], 1, 65535),
        host=value["CX_HOST"],
        admins=tuple(name.strip() for name in value["CX_ADMIN"].split(",") if name.strip()),
        new_member_role=_choice("CX_NEW_MEMBER_ROLE", value["CX_NEW_MEMBER_ROLE"], ("viewer", "contributor", "manager", "admin")),
        sign_in_hours=_number("CX_SIGN_IN_HOURS", value["CX_SIGN_IN_HOURS"], 1, 720),
        smtp_url=value["CX_SMTP_URL"],
        mail_from=value["CX_MAIL_FROM"],
        public_url=value["CX_PUBLIC_URL"],
    )
