"""Whether the quotes of a file pair up, and the careful splitter for files where they do not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import numpy as np

from cx.intake.encoding import BLOCK, Utf8

LONGEST = 1 << 20
MARK = "\ue0f1"
LONG = "\ue0f2"
QUOTE, LF, CR = 34, 10, 13


class Pairing:
    """Follows the quotes of a file, block by block: `broken` once one neither opens nor closes a cell, or a line is too long to be a record."""

    def __init__(self, delimiter: str) -> None:
        self._edges = np.zeros(256, dtype=bool)
        self._edges[[ord(delimiter), LF, CR, QUOTE]] = True
        self._inside = False
        self._tail = b"\n"
        self._line = 0
        self.broken = False

    def feed(self, block: bytes, last: bool = False) -> None:
        """Look at the next block; a quote at its very end waits for the byte after it."""
        if self.broken or (not block and not last):
            return
        end = block.find(b"\n")
        self.broken = self._line + (end if end >= 0 else len(block)) > LONGEST
        self._line = len(block) - 1 - block.rfind(b"\n") if end >= 0 else self._line + len(block)
        data = self._tail + block + (b"\n" if last else b"")
        cells = np.frombuffer(data, dtype=np.uint8)
        at = np.flatnonzero(cells[1:-1] == QUOTE) + 1
        first = 1 if self._inside else 0
        opening, closing = at[first::2], at[1 - first :: 2]
        # An opening quote follows an edge (a quote just closed, when it is an escaped one); a closing one precedes an edge.
        if not (self._edges[cells[opening - 1]].all() and self._edges[cells[closing + 1]].all()):
            self.broken = True
        if len(at) % 2:
            self._inside = not self._inside
        self._tail = data[-2:] if len(data) > 1 else data
        if last and self._inside:
            self.broken = True


def unpaired(stream: Utf8, delimiter: str) -> bool:
    """Whether any quote of the stream neither opens nor closes a cell, by the common rules of CSV, or a line is longer than a record may be."""
    pairing = Pairing(delimiter)
    while block := stream.take(4 * BLOCK):
        pairing.feed(block)
    pairing.feed(b"", last=True)
    return pairing.broken


class Mended(io.RawIOBase):
    """A stream whose quotes all pair up, made of one whose quotes do not.

    A line that opens a quote which is never properly closed becomes one marked cell (so the table reader rejects
    exactly that line and goes on with the next), and so does a line longer than a record may be; a quote inside an unquoted cell is kept as a character.
    """

    def __init__(self, stream: Utf8, delimiter: str) -> None:
        super().__init__()
        self._stream = stream
        self._delimiter = delimiter
        self._blocks = self._mend()
        self._rest = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Close the stream below."""
        self._stream.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        while not self._rest:
            self._rest = next(self._blocks, b"")
            if not self._rest:
                return 0
        block, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)

    def _mend(self) -> Iterator[bytes]:
        text = io.TextIOWrapper(io.BufferedReader(self._stream, BLOCK), encoding="utf-8", newline="")
        lines = _Lines(text)
        out: list[str] = []
        size = 0
        for record in records(lines, self._delimiter):
            out.append(record)
            size += len(record)
            if size > BLOCK:
                yield "".join(out).encode()
                out, size = [], 0
        yield "".join(out).encode()


class _Lines:
    """Lines that can be handed back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._back: list[str] = []

    def take(self) -> str:
        if self._back:
            return self._back.pop()
        line = self._text.readline(LONGEST)
        if len(line) < LONGEST or line.endswith(("\n", "\r")):
            return line
        while (more := self._text.readline(LONGEST)) and not more.endswith(("\n", "\r")):
            continue  # too long to be kept: its beginning is enough to find it by
        return LONG + re.sub(r"[^\w .-]+", " ", line[:200]) + "\n"

    def give(self, lines: list[str]) -> None:
        self._back.extend(reversed(lines))


def records(lines: _Lines, delimiter: str) -> Iterator[str]:
    """Each record, well quoted. A quoted cell may span 64 lines before its quote counts as never closed."""
    d = re.escape(delimiter)
    plain = re.compile(rf'[^"{d}\r\n][^{d}\r\n]*|')
    quoted = re.compile(r'"((?:[^"]|"")*)"')
    while line := lines.take():
        if '"' not in line:
            yield line
            continue
        taken = [line]
        while True:
            text = "".join(taken)
            cells, state = _cells(text, delimiter, plain, quoted)
            if state == "whole":
                yield delimiter.join(_quote(c, delimiter) for c in cells) + "\n"
                break
            more = lines.take() if state == "open" and len(taken) < 64 and len(text) < LONGEST else ""
            if not more:
                lines.give(taken[1:])
                yield delimiter.join([_quote(MARK + taken[0].rstrip("\r\n"), delimiter)] * 1) + "\n"
                break
            taken.append(more)


def _cells(text: str, delimiter: str, plain: re.Pattern[str], quoted: re.Pattern[str]) -> tuple[list[str], str]:
    cells: list[str] = []
    at, end = 0, len(text.rstrip("\r\n"))
    while True:
        if at < len(text) and text[at] == '"':
            found = quoted.match(text, at)
            if not found:
                return cells, "open"
            cells.append(found[1].replace('""', '"'))
        else:
            found = plain.match(text, at)
            assert found is not None
            cells.append(found[0])
        at = found.end()
        if at >= end:
            return cells, "whole"
        if text[at] != delimiter:
            return cells, "open" if text[at] not in "\r\n" else "stray"
        at += 1


def _quote(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ('"', delimiter, "\n", "\r")) else cell
