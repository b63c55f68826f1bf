"""Registers as CSV: written out with titles and labels, read back row by row with a sentence for each faulty cell.

The head has `Record` and `Record version`, then the fields' titles. A row with a number saves that record, a row without
one adds a record unless exactly the same already stands; so a file taken out and brought back changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cx.errors import CxError, InputError
from cx.formula import bare, marked
from cx.records.actor import Actor
from cx.records.fields import Spec
from cx.records.lookup import allowed, labels, records
from cx.records.record import Record
from cx.records.refusal import FieldsError
from cx.records.registry import Register, register
from cx.records.values import Refused, read, worded, written
from cx.records.writing import create, named, unit, update

MOST_ROWS = 20_000
ID, VERSION = "Record", "Record version"


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be stored: its line in the file (the head is line 1), its column and a sentence."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Loaded:
    """What a file did, or would do: rows = created + updated + unchanged + faulty rows. With a problem, nothing is stored."""

    rows: int
    created: int
    updated: int
    unchanged: int
    problems: tuple[Problem, ...]
    stored: bool


def titles(row: Register) -> dict[str, str]:
    """Field -> head of its column; a money column is headed by its plain title and holds whole currency."""
    return {name: spec.title for name, spec in row.fields.items()}


def shown(name: str | Register, found: list[Any], *, url: str | None = None) -> list[dict[str, str]]:
    """The records as texts by field, links as the labels of what they point at."""
    row = register(name)
    called: Mapping[str, Mapping[int, str]] = {s.register: labels(s.register, url=url) for s in row.fields.values() if s.kind == "link"}
    return [{field: _cell(spec, record, field, called) for field, spec in row.fields.items()} for record in found]


def _cell(spec: Spec, record: Record, field: str, called: Mapping[str, Mapping[int, str]]) -> str:
    value = getattr(record, field)
    if spec.kind == "link":
        return called[spec.register].get(value, "") if value is not None else ""
    return written(spec, value, getattr(record, "currency", None))


def rows(name: str | Register, actor: Actor | None = None, *, url: str | None = None) -> list[dict[str, str]]:
    """Every standing record by column heads, number and version first: what an exporter writes out."""
    row = register(name)
    found, heads = records(row, actor, url=url), titles(row)
    ambiguous = _ambiguous(row, url)
    texts = shown(row, found, url=url)
    for text, record in zip(texts, found, strict=True):
        text |= {field: str(getattr(record, field)) for field, taken in ambiguous.items() if text[field] in taken}
    return [
        {ID: str(record.id), VERSION: str(record.version)} | {heads[field]: marked(cell) for field, cell in text.items()}
        for record, text in zip(found, texts, strict=True)
    ]


def _ambiguous(row: Register, url: str | None) -> dict[str, set[str]]:
    """Labels that name several records, by link field: there the number must stand in the file."""
    found: dict[str, set[str]] = {}
    for field, spec in row.fields.items():
        if spec.kind == "link":
            every = list(labels(spec.register, url=url, deleted=False).values())
            found[field] = {name for name in every if every.count(name) > 1}
    return found


def sample(name: str | Register) -> list[dict[str, str]]:
    """One example row by column heads, to start a file from."""
    return [{spec.title: _example(spec) for spec in register(name).fields.values()}]


def _example(spec: Spec) -> str:
    if spec.example:
        return spec.example
    middle = 1.0 if spec.high is None and spec.low is None else spec.low if spec.high is None else ((spec.low or 0) + spec.high) / 2
    words: dict[str, str] = {
        "choice": worded(spec.choices[0]) if spec.choices else "", "number": f"{middle:g}", "whole": f"{middle or 0:.0f}", "day": "2026-08-01",
        "moment": "2026-08-01T09:00+00:00", "money": "1250.00", "yes": "no", "text": f"{spec.title} …" if spec.required else "",
    }  # fmt: skip
    return words.get(spec.kind, "")


def load_csv(name: str | Register, text: str | bytes, actor: Actor, *, dry_run: bool = False, url: str | None = None) -> Loaded:
    """Read a file into the register: all of it, or, where a cell is faulty or `dry_run` is set, nothing.

    Raises InputError where the file as a whole cannot be read, AccessError where the actor may not write.
    """
    row = register(name)
    allowed(row, actor)
    actor.require(row.writer, f"add {row.title.lower()}")
    parsed = _parsed(row, text)
    tally, problems = {"created": 0, "updated": 0, "unchanged": 0}, []
    with unit(url) as session:
        outer = session.begin_nested()
        standing = {_key(row, record): record for record in records(row, actor, url=url, session=session)}
        for line, cells in parsed:
            point = session.begin_nested()
            try:
                tally[_stored(row, cells, actor, standing, session, url)] += 1
                point.commit()
            except FieldsError as error:
                point.rollback()
                problems += [Problem(line, row.fields[f].title if f in row.fields else "", sentence) for f, sentence in error.errors.items()]
            except CxError as error:
                point.rollback()
                problems.append(Problem(line, ID, str(error)))
        if problems or dry_run:
            outer.rollback()
        else:
            outer.commit()
    return Loaded(len(parsed), **tally, problems=tuple(problems), stored=not problems and not dry_run)


def _stored(row: Register, cells: dict[str, str], actor: Actor, standing: dict[Any, Any], session: Any, url: str | None) -> str:
    values = {field: cell for field, cell in cells.items() if field in row.fields}
    if cells.get("id"):
        id, version = _whole(ID, cells["id"]), cells.get("version", "")
        known = next((r for r in standing.values() if r.id == id), None)
        before = known.version if known is not None else 0
        saved = update(row, id, values, _whole(VERSION, version) if version else before, actor, url=url, session=session)
        return "unchanged" if saved.version == before else "updated"
    key = _would_be(row, values, session)
    if key in standing:
        return "unchanged"
    standing[key] = create(row, values, actor, url=url, session=session)
    return "created"


def _would_be(row: Register, values: dict[str, str], session: Any) -> tuple[str, ...] | None:
    """The key the row would have once stored; None where a cell is faulty, which `create` then says."""
    currency = values.get("currency", "").strip().upper() or None
    key = []
    for field, spec in row.fields.items():
        try:
            cell: Any = values.get(field, "")
            key.append(
                written(spec, read(spec, named(session, spec.title, spec.register, cell) if spec.kind == "link" else cell, currency), currency)
            )
        except Refused:
            return None
    return tuple(key)


def _whole(what: str, text: str) -> int:
    try:
        return int(read(Spec("whole", what, low=1), text))
    except Refused as refused:
        raise InputError(str(refused)) from None


def _key(row: Register, record: Record) -> tuple[str, ...]:
    return tuple(written(spec, getattr(record, field), getattr(record, "currency", None)) for field, spec in row.fields.items())


def _parsed(row: Register, text: str | bytes) -> list[tuple[int, dict[str, str]]]:
    """Lines of the file with their cells by field."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError("expected a CSV file in UTF-8", "found bytes that are not", "save it as “CSV UTF-8” and try again") from None
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError("expected a CSV file", f"found one that cannot be read ({error})", "check its quotation marks") from None
    if not lines:
        raise InputError(f"expected a CSV of {row.title.lower()} with a head line", "the file is empty", "start from the sample file")
    if len(lines) - 1 > MOST_ROWS:
        raise InputError(f"expected at most {MOST_ROWS:,} rows", f"found {len(lines) - 1:,}", "split the file")
    heads = _heads(row, lines[0][1])
    found = []
    for line, cells in lines[1:]:
        if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
            raise InputError(
                f"expected {len(heads)} cells in each row", f"line {line} has {len(cells)}", "put text that holds the separator in quotation marks"
            )
        found.append((line, {field: bare(cell) for field, cell in zip(heads, cells, strict=False) if field}))
    return found


def _heads(row: Register, cells: list[str]) -> list[str]:
    known = {field.casefold(): field for field in row.fields}
    known |= {spec.title.casefold(): field for field, spec in row.fields.items()}  # a title wins where another field is named so
    known |= {ID.casefold(): "id", VERSION.casefold(): "version"}
    heads = [known.get(" ".join(cell.split()).casefold(), "") for cell in cells]
    unknown = [cell for cell, field in zip(cells, heads, strict=True) if not field and cell.strip()]
    if unknown:
        columns = ", ".join(titles(row).values())
        raise InputError(f"expected the columns {columns}", f"found {unknown[0][:60]!r}", "rename or remove that column")
    double = next((field for field in heads if field and heads.count(field) > 1), None)
    if double:
        raise InputError("expected each column once", f"found {double!r} more than once", "remove one of them")
    return heads
