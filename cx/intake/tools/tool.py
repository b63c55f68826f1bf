"""What a tool is: how its exports are known, where their header ends, and what their own columns mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cx.intake.words import plain, shown

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Found:
    """How sure a tool is that a file is its own (0 to 1), why, and how many header rows the file has."""

    certainty: float
    why: str
    header_rows: int = 1


@dataclass(frozen=True)
class Source:
    """A column of the file: `code` names it, `text` is the question, `sub` the option or item, `block` numbers its question."""

    index: int
    code: str
    text: str
    sub: str = ""
    block: int = -1


@dataclass(frozen=True)
class Rule:
    """Leave out, for `reason`, records whose cell under one of `headers` is among `values` (with `unless`: is not)."""

    headers: tuple[str, ...]
    values: tuple[str, ...]
    reason: str
    unless: bool = False


@dataclass(frozen=True)
class Known:
    """What a tool itself says about a score column: its type, scale and polarity."""

    field: str
    low: float
    high: float
    better: bool = True


@dataclass(frozen=True)
class Tool:
    """One survey or service tool, as a row.

    tokens   headers that tell it from others, plain (see `words.plain`); two of them must be there
    fields   plain header -> dataset column, question type, property or ignore
    dates    the order of day and month where the tool always writes the same one
    zone     the zone of its moments where it is always the same
    zone_in  finds the zone in the header rows, where the tool writes it there
    missing  words that mean "no answer" in its exports
    needs    how many of its tokens must be there
    once     whether a later record with the same identifier only repeats an earlier one
    """

    name: str
    title: str
    tokens: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    dataset: str = "responses"
    find: Callable[[Tool, Rows], Found | None] = lambda tool, rows: by_tokens(tool, rows)
    lay: Callable[[Rows, int], tuple[Source, ...]] = lambda rows, count: columns(rows, count)
    zone_in: Callable[[Rows], str] = lambda rows: ""
    rules: tuple[Rule, ...] = ()
    known: Mapping[str, Known] = field(default_factory=dict)
    dates: str = ""
    zone: str = ""
    missing: tuple[str, ...] = ()
    needs: int = 2
    once: bool = False


def shared(tokens: Sequence[str], row: Sequence[str]) -> list[str]:
    """The tokens that stand in this header row; a token ending in * needs only begin a header."""
    cells = {plain(cell) for cell in row}
    return [t for t in tokens if t in cells or (t.endswith("*") and any(c.startswith(t[:-1]) for c in cells))]


def by_tokens(tool: Tool, rows: Rows, header_rows: int = 1) -> Found | None:
    """Certainty from the share of the tool's tokens in the first row; None below its minimum."""
    found = shared(tool.tokens, rows[0])
    if len(found) < tool.needs:
        return None
    certainty = round(0.55 + 0.4 * min(1.0, len(found) / max(4, 0.7 * len(tool.tokens))), 2)
    return Found(certainty, "headers " + ", ".join(found[:6]), header_rows)


def columns(rows: Rows, count: int) -> tuple[Source, ...]:
    """One header row: the header is the question; "Stem [Item]" and "Stem (Item)" of neighbours are one block."""
    return named([Source(i, cell.strip(), cell.strip()) for i, cell in enumerate(rows[0])])


def filled(rows: Rows, count: int) -> tuple[Source, ...]:
    """Two header rows: questions, only in the first column of a block, above their options."""
    sources, stem, block = [], "", -1
    single = {"response", "open ended response", ""}
    for i, (top, sub) in enumerate(zip(rows[0], rows[1], strict=False)):
        top, sub = top.strip(), sub.strip()
        if top:
            stem, block = top, i
        alone = plain(sub) in single
        name = stem if alone else f"{stem} - {sub}" if stem else sub
        sources.append(Source(i, name or f"column {i + 1}", stem or sub, "" if alone else sub, block if stem else -1))
    return named(sources)


def named(sources: list[Source]) -> tuple[Source, ...]:
    """The columns with names made unique: "Other", "Other (2)", … and "column 7" for an empty one."""
    taken: dict[str, int] = {}
    out = []
    for s in sources:
        name = shown(s.code)[:300] or f"column {s.index + 1}"
        seen = taken[name] = taken.get(name, 0) + 1
        while seen > 1 and f"{name} ({seen})" in taken:
            seen += 1
        if seen > 1:
            name = f"{name} ({seen})"
            taken[name] = 1
        out.append(Source(s.index, name, shown(s.text), shown(s.sub), s.block))
    return tuple(out)
