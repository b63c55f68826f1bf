"""Which characters the bytes are, and the whole file as one stream of UTF-8."""

from __future__ import annotations

import codecs
import io
import re
from itertools import islice
from pathlib import Path

from cx.errors import InputError
from cx.intake.container import opened

BLOCK = 1 << 20
TITLES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with damaged characters", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "cp1252": "Windows-1252", "mac-roman": "Mac Roman"}
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
UNDEFINED = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
# In Mac Roman these are the accented letters of Western languages; in Windows-1252 dashes, quotes and signs that
# hardly ever stand between two letters.
MAC_LETTERS = bytes([0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8E, 0x91, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9F])
INNER = re.compile(rb"[A-Za-z][\x80-\xff](?=[A-Za-z])")


def encoding_of(source: Path | bytes) -> str:
    """The encoding: a byte order mark, else UTF-16 by its zeros, else strict UTF-8, else Windows-1252, else Mac Roman.

    UTF-8 in which a few characters are damaged is "utf-8-sig": read with a replacement for those. Reads the whole file
    once. Raises InputError for bytes that are no text.
    """
    with opened(source) as file:
        block = file.read(BLOCK)
        marked = next((name for mark, name in MARKS if block.startswith(mark)), "")
        if wide := _zeros(block) if not marked else marked.replace("utf-8", ""):
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        utf8, undefined, accents, good, bad = True, 0, 0, 0, 0
        while block:
            if b"\x00" in block:
                raise InputError("expected text", "found a binary file", "export the responses as CSV or XLSX and upload that file")
            if utf8:
                try:
                    decoder.decode(block, False)
                except UnicodeDecodeError:
                    utf8 = False
            undefined += len(block) - len(block.translate(None, UNDEFINED))
            if not utf8:
                accents += _between_letters(block)
                text = block.decode("utf-8", "replace")
                damaged = text.count("\ufffd")
                bad, good = bad + damaged, good + len(re.findall(r"[^\x00-\x7f]", text)) - damaged
            block = file.read(BLOCK)
    if utf8:
        return "utf-8-sig" if decoder.getstate()[0] else "utf-8"
    if marked or good > 10 * bad:
        return "utf-8-sig"
    return "mac-roman" if undefined or accents > 0 else "cp1252"


def _zeros(head: bytes) -> str:
    sample = head[:4096]
    if len(sample) < 4 or b"\x00" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else ""


def _between_letters(block: bytes) -> int:
    """How many bytes that only Mac Roman reads as letters stand right between two plain letters, less cp1252's own."""
    mac = windows = 0
    for found in islice(INNER.finditer(block), 500):
        if found[0][1:] in MAC_LETTERS:
            mac += 1
        elif found[0][1:] >= b"\xc0":
            windows += 1
    return max(mac - windows, 0)


class Utf8(io.RawIOBase):
    """The file as UTF-8 bytes without byte order mark or NUL, its lone carriage returns turned into line feeds if asked.

    Bytes the encoding does not define become U+FFFD: the check of the whole file comes first, so this concerns only the
    guesses below strict UTF-8.
    """

    def __init__(self, source: Path | bytes, encoding: str, newline: str = "\n") -> None:
        super().__init__()
        self._file = opened(source)
        self._plain = encoding == "utf-8"
        self._cr = newline == "\r"
        self._rest = b""
        self._decoder = None if self._plain else codecs.getincrementaldecoder(encoding)("replace")
        head = self._file.read(3)
        if self._plain:
            self._rest = head.removeprefix(codecs.BOM_UTF8)
        elif head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            self._rest = self._text(head[2:])
        else:
            self._rest = self._text(head)
        if self._cr:
            self._rest = self._rest.replace(b"\r", b"\n")

    def _text(self, block: bytes, last: bool = False) -> bytes:
        assert self._decoder is not None
        return self._decoder.decode(block, last).replace("\x00", "").encode("utf-8", "replace")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        block = self.take(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def take(self, size: int) -> bytes:
        """The next bytes, at most `size`, empty at the end."""
        while not self._rest:
            block = self._file.read(max(size, BLOCK))
            if not block:
                if self._decoder is None:
                    return b""
                self._rest, self._decoder = self._text(b"", True), None
                if not self._rest:
                    return b""
                break
            if self._decoder is not None:
                block = self._text(block)
            self._rest = block.replace(b"\r", b"\n") if self._cr else block
        block, self._rest = self._rest[:size], self._rest[size:]
        return block

    def close(self) -> None:
        """Close the file below."""
        self._file.close()
        super().close()
