"""Scores as people and tools write them: numbers, labelled numbers, fractions, stars, percentages, words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from cx.intake.words import plain

NONE = frozenset({"", "n/a", "na", "n.a.", "none", "null", "-", "--", "no answer", "not answered", "k.a.", "keine angabe", "sans réponse", "sin respuesta", "nan", "#n/a", "not applicable", "nicht zutreffend", "no aplica", "não se aplica"})
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,12})?")
_LABELLED = re.compile(r"([+-]?\d{1,6}(?:[.,]\d{1,6})?)\s*(?:[:=)(–—|-]|\.\s|\s)\s*(?=\D)(.{1,200})", re.DOTALL)
_TRAILING = re.compile(r"(.{1,200}?)(?:\s*[:=–—|-]\s*|\s*\(|\s+)(\d{1,6}(?:[.,]\d{1,6})?)\)?", re.DOTALL)
_OF = re.compile(r"([+-]?\d{1,6}(?:[.,]\d{1,6})?)\s*(?:/|out of|of|von|sur|de)\s*(\d{1,6})", re.IGNORECASE)
_STARS = re.compile(r"([★⭐*]\ufe0f?)+\s*([☆✩]\ufe0f?)*")


def number(text: str) -> float | None:
    """A number with a point or a comma before its fraction.

    >>> number("4,5"), number(" 7 "), number("seven")
    (4.5, 7.0, None)
    """
    found = _NUMBER.fullmatch(text.strip())
    return float(found[0].replace(",", ".")) if found else None


def read(text: str, words: Mapping[str, float] | None = None) -> tuple[float, str, float | None] | None:
    """(score, label, highest score if written) of one cell; None when it is no score.

    >>> read("5: strongly agree"), read("Very likely - 10"), read("9/10"), read("4,5"), read("80%")
    ((5.0, 'strongly agree', None), (10.0, 'Very likely', None), (9.0, '', 10.0), (4.5, '', None), (80.0, '', 100.0))
    >>> read("★★★★☆"), read("4 stars"), read("great")
    ((4.0, '', 5.0), (4.0, 'stars', None), None)
    """
    text = text.strip()
    if words is not None and plain(text) in words:
        return words[plain(text)], text, None
    value = number(text)
    if value is not None:
        return value, "", None
    if text.endswith("%"):
        value = number(text[:-1])
        return None if value is None else (value, "", 100.0)
    if found := _OF.fullmatch(text):
        return float(found[1].replace(",", ".")), "", float(found[2])
    if found := _STARS.fullmatch(text):
        full = sum(text.count(c) for c in "★⭐*")
        empty = sum(text.count(c) for c in "☆✩")
        return float(full), "", float(full + empty) if empty else None
    if (found := _LABELLED.fullmatch(text)) and re.search(r"[^\W\d_]", found[2]):
        return float(found[1].replace(",", ".")), found[2].strip(" )"), None
    if (found := _TRAILING.fullmatch(text)) and re.search(r"[^\W\d_]", found[1]):
        return float(found[2].replace(",", ".")), found[1].strip(), None
    return None


def answered(cells: pl.Series, missing: tuple[str, ...] = ()) -> pl.Series:
    """The cells without surrounding blanks; empty ones and the tool's own words for "no answer" are null."""
    cells = cells.str.strip_chars()
    cells = cells.set(cells == "", None)
    return cells.set(cells.is_in(list(missing)), None) if missing else cells


def scores(cells: pl.Series, words: Mapping[str, float] | None = None, missing: tuple[str, ...] = ()) -> tuple[pl.Series, pl.Series]:
    """(scores, cells that hold something which is no score). Each distinct cell is parsed once."""
    cells = answered(cells, missing)
    values = cells.cast(pl.Float64, strict=False).fill_nan(None)
    odd = cells.filter(values.is_null() | values.is_infinite()).drop_nulls().unique().to_list()
    if not odd:
        return values, values.is_null() & cells.is_not_null()
    table: dict[str, float | None] = {}
    absent = []
    for text in odd:
        if text.casefold() in NONE:
            absent.append(text)
            continue
        found = read(text, words)
        table[text] = None if found is None else found[0]
    parsed = cells.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Float64) if table else None
    if parsed is not None:
        values = parsed.zip_with(cells.is_in(list(table)).fill_null(False), values)
    values = values.set(values.is_infinite(), None)
    return values, values.is_null() & cells.is_not_null() & ~cells.is_in(absent).fill_null(False)
