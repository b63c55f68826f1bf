"""From bytes to records: the head for recognition, and a stream of Arrow tables for everything after it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from cx.errors import InputError
from cx.formula import GUARDED, bare
from cx.intake.encoding import BLOCK, Utf8
from cx.intake.plan import Layout, Reject
from cx.intake.quotes import LONG, LONGEST, MARK, Mended, records, unpaired

DELIMITERS = (",", ";", "\t", "|")
WIDEST = 4096
HEAD = 1 << 20
SAMPLE = 3000
BATCH = 24 << 20
PIECE = 200_000
# Arrow reads some forty blocks ahead of what is asked for, so a block is kept small and several make a batch.
AHEAD = 4 << 20


@dataclass(frozen=True)
class Head:
    """The first records as lists of cells, with the byte (of the UTF-8 text) at which each ends."""

    delimiter: str
    newline: str
    mend: bool
    records: tuple[tuple[str, ...], ...]
    ends: tuple[int, ...]
    whole: bool


def head_of(source: Path | bytes, encoding: str) -> Head:
    """Delimiter and first records. Raises InputError where there are none or too many columns."""
    stream = Utf8(source, encoding)
    block = b""
    while len(block) < HEAD and (part := stream.take(HEAD)):
        block += part
    whole = not stream.take(1)
    stream.close()
    newline = "\n"
    if b"\n" not in block and b"\r" in block:
        newline, block = "\r", block.replace(b"\r", b"\n")
    text = block.decode("utf-8", "ignore")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    named, skip = _named(text)
    text = text[skip:]
    delimiter = named or _delimiter(text)
    stream = Utf8(source, encoding, newline)
    mend = unpaired(stream, delimiter)
    stream.close()
    rows, ends = _parse(text, delimiter, mend)
    first = len(block.decode("utf-8", "ignore")[:skip].encode())
    if not rows:
        raise InputError("expected an export with a header and records", "found an empty file", "export again and check that it has records")
    if max(len(row) for row in rows) > WIDEST:
        raise InputError(
            f"expected at most {WIDEST:,} columns", f"found {max(len(row) for row in rows):,}", "leave out the columns you do not need"
        )
    return Head(delimiter, newline, mend, tuple(tuple(r) for r in rows), tuple(first + e for e in ends), whole)


def _named(text: str) -> tuple[str, int]:
    found = re.match(r"\s*\"?sep=(.)\"?[ \t;,]*\r?\n", text, re.IGNORECASE)
    return (found[1], found.end()) if found and found[1] in DELIMITERS else ("", 0)


def _delimiter(text: str) -> str:
    """The delimiter that gives most records of one width above 1; the wider one of two that give as many."""
    best, chosen = (0.0, 0), ","
    sample = text[: 256 << 10]
    for candidate in DELIMITERS:
        rows, _ = _parse(sample, candidate, False, 400)
        widths = Counter(len(row) for row in rows if any(c.strip() for c in row))
        if not widths:
            continue
        width, count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda x: (x[1], x[0]), default=(1, 0))
        score = (count / sum(widths.values()), width)
        if width > 1 and (score[0] > best[0] + 0.05 or (score[0] > best[0] - 0.05 and score[1] > best[1])):
            best, chosen = score, candidate
    return chosen


def _parse(text: str, delimiter: str, mend: bool, most: int = SAMPLE) -> tuple[list[list[str]], list[int]]:
    """Records of `text`, and where each ends in bytes; blank lines are no records."""
    lines = io.StringIO(text, newline="")
    done = 0
    source: Iterator[str]

    def counted() -> Iterator[str]:
        nonlocal done
        for line in lines:
            done += len(line.encode())
            yield line

    if mend:
        return _parse_mended(text, delimiter, most)
    source = counted()
    csv.field_size_limit(64 << 20)
    reader = csv.reader(source, delimiter=delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    while len(rows) < most:
        try:
            row = next(reader, None)
        except csv.Error:
            continue
        if row is None:
            break
        if row and row != [""]:
            rows.append(row)
            ends.append(done)
    return rows, ends


class _Counting:
    def __init__(self, text: str) -> None:
        self._text = io.StringIO(text, newline="")
        self._back: list[str] = []
        self.done = 0

    def take(self) -> str:
        line = self._back.pop() if self._back else self._text.readline()
        self.done += len(line.encode())
        return line

    def give(self, lines: list[str]) -> None:
        self.done -= sum(len(line.encode()) for line in lines)
        self._back.extend(reversed(lines))


def _parse_mended(text: str, delimiter: str, most: int) -> tuple[list[list[str]], list[int]]:
    lines = _Counting(text)
    rows: list[list[str]] = []
    ends: list[int] = []
    for record in records(lines, delimiter):  # type: ignore[arg-type]
        row = next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])
        if row and row != [""]:
            rows.append(row)
            ends.append(lines.done)
        if len(rows) >= most:
            break
    return rows, ends


@dataclass(frozen=True)
class Batch:
    """Some records: `frame` has a text column per source column ("0", "1", …) and `line`; `ragged` are those of another width."""

    frame: pl.DataFrame
    ragged: tuple[Reject, ...]

    @property
    def records(self) -> int:
        """How many records, ragged ones included."""
        return self.frame.height + len(self.ragged)


def batches(source: Path | bytes, layout: Layout, only: Sequence[int] | None = None, size: int = BATCH) -> Iterator[Batch]:
    """Every record after the header, in file order, in batches of about `size` bytes. `only` limits the columns kept.

    A record with too few or too many cells, or with a quote that is never closed, becomes a Reject and moves no cell of
    any other; so does a record above 1 MB. Blank lines are no records.
    """
    pending: list[Reject] = []

    def ragged(row: pc.InvalidRow) -> str:
        pending.append(_ragged(row.number, row.text, row.actual_columns, layout))
        return "skip"

    names = [str(i) for i in range(layout.columns)]
    kept = names if only is None else [str(i) for i in only]
    try:
        with _positioned(source, layout) as file:
            reader = pc.open_csv(
                file,
                read_options=pc.ReadOptions(use_threads=False, block_size=min(size, AHEAD), column_names=names),
                parse_options=pc.ParseOptions(delimiter=layout.delimiter, newlines_in_values=True, invalid_row_handler=ragged),
                convert_options=pc.ConvertOptions(column_types={n: pa.string() for n in names}, include_columns=kept, strings_can_be_null=False),
            )
            for batch in _numbered(reader, pending, size):
                yield Batch(batch.frame.with_columns(pl.col(kept).str.replace(GUARDED, "$1")), batch.ragged) if layout.guarded else batch
    except pa.ArrowInvalid as error:
        message = str(error)
        if "Empty CSV" in message:
            if pending:
                yield Batch(pl.DataFrame(schema={**dict.fromkeys(kept, pl.String), "line": pl.Int64}), tuple(pending))
            return
        if "straddl" in message:
            raise InputError(
                f"expected records of at most {LONGEST:,} characters",
                "found a longer one, most likely behind a quote that is never closed",
                "mend that line or export again",
            ) from error
        raise InputError("expected a table of text", f"found a line that cannot be read ({message[:120]})", "export again as CSV in UTF-8") from error


def _positioned(source: Path | bytes, layout: Layout) -> pa.NativeFile:
    """The text from the first data record on; plain UTF-8 is read by Arrow itself, without a detour through Python."""
    if layout.encoding == "utf-8" and layout.newline == "\n" and not layout.mend:
        file: pa.NativeFile = pa.BufferReader(source) if isinstance(source, bytes) else pa.OSFile(str(source), "rb")
        file.seek(layout.offset + (3 if file.read(3) == b"\xef\xbb\xbf" else 0))
        return file
    stream = Utf8(source, layout.encoding, layout.newline)
    skipped = layout.offset
    while skipped > 0 and (part := stream.take(min(skipped, BLOCK))):
        skipped -= len(part)
    return pa.PythonFile(io.BufferedReader(Mended(stream, layout.delimiter) if layout.mend else stream, BLOCK), mode="r")


def _numbered(reader: pc.CSVStreamingReader, pending: list[Reject], size: int) -> Iterator[Batch]:
    start = 1
    for blocks in _gathered(reader, size):
        count = sum(block.num_rows for block in blocks)
        end = start + count
        mine = 0
        while mine < len(pending) and pending[mine].line <= end:
            mine, end = mine + 1, end + 1
        taken, pending[:mine] = tuple(pending[:mine]), []
        lines = np.arange(start, end, dtype=np.int64)
        if taken:
            lines = np.setdiff1d(lines, np.array([r.line for r in taken], dtype=np.int64), assume_unique=True)
        frame = pl.from_arrow(pa.Table.from_batches(blocks))
        assert isinstance(frame, pl.DataFrame)
        yield Batch(frame.with_columns(pl.Series("line", lines[:count])), taken)
        start = end
    if pending:
        taken, pending[:] = tuple(pending), []
        yield Batch(pl.DataFrame(schema={**{f.name: pl.String for f in reader.schema}, "line": pl.Int64}), taken)


def _gathered(reader: pc.CSVStreamingReader, size: int) -> Iterator[list[pa.RecordBatch]]:
    """Blocks until they hold about `size` bytes or enough records."""
    blocks: list[pa.RecordBatch] = []
    for block in reader:
        blocks.append(block)
        if sum(b.nbytes for b in blocks) >= size or sum(b.num_rows for b in blocks) >= PIECE:
            yield blocks
            blocks = []
    if blocks:
        yield blocks


def _ragged(number: int, text: str, actual: int, layout: Layout) -> Reject:
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter), [])
    except csv.Error:
        cells = [text]
    if layout.guarded:
        cells = [bare(cell) for cell in cells]
    if cells and cells[0].startswith(MARK):
        line = cells[0].removeprefix(MARK)
        return Reject(number, "", line[:200], "a quote is opened and never closed", (line,))
    if cells and cells[0].startswith(LONG):
        line = cells[0].removeprefix(LONG)
        return Reject(number, "", line, f"is longer than {LONGEST:,} characters", (line,))
    reason = f"{actual} cells where the header has {layout.columns}"
    return Reject(number, "", text[:200], reason, tuple(cells))
