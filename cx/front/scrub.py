"""Secrets are taken out of whatever is logged."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
SHORTEST = 6  # a shorter value would hide ordinary words
_NAMES = r"pass(?:word|wd)?|secret|token|api[_-]?key|authorization|cookie|credential|private[_-]?key|dsn"
_ASSIGNED = re.compile(rf"(?i)([\w-]*(?:{_NAMES})[\w-]*[\"']?\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|(?:bearer|basic)\s+\S+|[^\s,;&)}}\]]+)")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")
_CREDENTIALS = re.compile(r"(?i)([a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/]+@")
_TOKENS = re.compile(r"\bcx_[0-9A-Za-z]{46}\b")
_LINKS = re.compile(r"/s/[\w.-]+")
_SECRET_NAME = re.compile(rf"(?i){_NAMES}|database_url|smtp_url")


def scrub(text: str, values: Iterable[str] = ()) -> str:
    """The text without passwords, tokens, cookies, credentials in addresses, API tokens, survey links and the `values` given.

    >>> scrub("postgresql://cx:hunter2@db/cx refused, token=abc123")
    'postgresql://cx:[hidden]@db/cx refused, token=[hidden]'
    """
    for value in values:
        text = text.replace(value, HIDDEN)
    text = _CREDENTIALS.sub(rf"\g<1>{HIDDEN}@", text)
    text = _TOKENS.sub(HIDDEN, text)
    text = _BEARER.sub(rf"\g<1> {HIDDEN}", text)
    text = _ASSIGNED.sub(rf"\g<1>{HIDDEN}", text)
    return _LINKS.sub(f"/s/{HIDDEN}", text)


def known_secrets(more: Iterable[str] = ()) -> tuple[str, ...]:
    """The secrets of the environment, by the names of its variables, and `more`; the longest first."""
    found = {value for name, value in os.environ.items() if _SECRET_NAME.search(name)} | set(more)
    return tuple(sorted((value for value in found if len(value) >= SHORTEST), key=len, reverse=True))


def scrub_logs(more: Iterable[str] = ()) -> None:
    """From now on every record logged in this process, its traceback included, is scrubbed. Calling it twice is harmless."""
    values = known_secrets(more)
    make = logging.getLogRecordFactory()
    make = getattr(make, "scrubs", make)
    traceback = logging.Formatter()

    def factory(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = scrub(record.getMessage(), values), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = scrub(traceback.formatException(record.exc_info), values)
        return record

    factory.scrubs = make  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)
