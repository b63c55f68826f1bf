"""Rejected records as a file to mend and bring in again: it is read exactly as the file they came in was.

The file has the header rows of the first one and the cells as they were (once a spreadsheet's guard is off them: `cx.formula`), behind three columns that say what was wrong. Their
heads name the batch, by which the reader finds how it read the first file: tool, survey, columns, order of dates. Guessed
afresh, a handful of records could be taken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sqlmodel import select

from cx.errors import InputError
from cx.facts import history
from cx.facts.batch import ImportBatch
from cx.formula import bare, marked
from cx.intake.plan import Layout, Options, Plan
from cx.store.engine import reading

HEADS = ("Rejected from batch {}: column", "value", "reason")
EXTRA = len(HEADS)
_FIRST = re.compile(r"Rejected from batch (\d{1,12}): column")


def to_mend(batch: int, url: str | None = None) -> Iterator[list[str]]:
    """The lines of the file: the header rows, then a line a rejected record. Nothing where the batch kept no plan or no rejects."""
    found = _plan(batch, b"", url)
    if found is None or not found.layout.heads:
        return
    for i, row in enumerate(found.layout.heads):
        yield [*((HEADS[0].format(batch), *HEADS[1:]) if i == 0 else ("",) * EXTRA), *map(marked, row)]
    for line in history.rejects(batch, url):
        yield [line["column"], line["value"], line["reason"], *(marked(str(cell)) for cell in line["raw"])]


def batch_of(header: Sequence[str]) -> int | None:
    """The batch whose rejects a header announces."""
    found = _FIRST.fullmatch(header[0].strip()) if len(header) > EXTRA and tuple(header[1:EXTRA]) == HEADS[1:] else None
    return int(found[1]) if found else None


def earlier(batch: int, source: Path | bytes) -> Plan:
    """How the file was read that came in as this batch. Raises InputError where this store does not know."""
    found = _plan(batch, source, None)
    if found is None:
        raise InputError(f"expected rejects of an import into this store, as the first column says they are of batch {batch}", "found no such import here", "remove the first three columns")
    return found


def again(first: Plan, layout: Layout, name: str, batch: int, options: Options) -> Plan:
    """The earlier plan for the mended file, whose columns stand three places further right. Raises InputError where others were put in between.

    The apostrophes that kept a spreadsheet from running a cell as a formula are taken away again, in the header as in the records.
    """
    layout = replace(layout, header=tuple(map(bare, layout.header)), heads=tuple(tuple(map(bare, row)) for row in layout.heads), guarded=True)
    if layout.columns != first.layout.columns + EXTRA or tuple(layout.header[EXTRA:]) != tuple(first.layout.header):
        raise InputError(
            f"expected the columns of the file of batch {batch} behind the three that name what was wrong", "found other columns", "mend the cells and leave the columns as they are"
        )
    columns = tuple(replace(column, members=tuple(at + EXTRA for at in column.members)) for column in first.columns)
    exclusions = tuple(replace(rule, index=rule.index + EXTRA) for rule in first.exclusions)
    why = f"rejected records of batch {batch}, read as that file was"
    return replace(first, name=name, why=why, certainty=1.0, layout=layout, columns=columns, exclusions=exclusions, warnings=(), asks=(), options=replace(first.options, limit=options.limit), mends=batch)


def _plan(batch: int, source: Path | bytes, url: str | None) -> Plan | None:
    with reading(url) as session:
        text = session.exec(select(ImportBatch.plan).where(ImportBatch.id == batch)).first()
    return Plan.from_json(text, source) if text else None
