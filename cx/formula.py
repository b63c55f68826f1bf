"""Texts that a spreadsheet would run as a formula: an apostrophe in front keeps it from doing so, and is taken away again on the way back.

    leaving      marked(text) where the file may come back, then safe(text)
    coming back  bare(text)

A text that had such an apostrophe of its own gets a second one by `marked`, so that what comes back is what left.
"""

from __future__ import annotations

import re

STARTERS = "=+-@\t\r\n\x00＝＋－＠"
_START = f"[ \u00a0\ufeff\u200b]*[{re.escape(STARTERS)}]"
_RISKY = re.compile(_START)
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d{1,3})?")
GUARDED = f"^'('*{_START})"  # also for Polars: what `bare` takes away is in front of the group
_GUARDED = re.compile(GUARDED)


def safe(text: str) -> str:
    """The text with an apostrophe in front where it could start a formula (= + - @, tab, line end, NUL, their full-width forms, also after blanks).

    Plain numbers such as -12.5 pass. NULs are removed.

    >>> safe("=1+1"), safe("-12.5"), safe("-3+cmd"), safe("plain")
    ("'=1+1", '-12.5', "'-3+cmd", 'plain')
    """
    risky = _RISKY.match(text) is not None
    text = text.replace("\x00", "")
    return "'" + text if risky and text and not _NUMBER.fullmatch(text) else text


def marked(text: str) -> str:
    """The text with one more apostrophe where `bare` would take one away.

    >>> marked("'=1+1"), marked("'tis"), marked("=1+1")
    ("''=1+1", "'tis", '=1+1')
    """
    return "'" + text if _GUARDED.match(text) else text


def bare(text: str) -> str:
    """The text without the apostrophe that `safe` or `marked` put in front.

    >>> bare("'=1+1"), bare("''=1+1"), bare("'tis"), bare("-12.5")
    ('=1+1', "'=1+1", "'tis", '-12.5')
    """
    return text[1:] if _GUARDED.match(text) else text
