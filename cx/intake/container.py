"""What a file is, told by its first bytes: text, a ZIP of one file, a spreadsheet, or something to refuse."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import python_calamine

from cx.errors import InputError

RATIO = 200
ACTION = "export the responses as CSV or XLSX and upload that file"
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body", b"<svg", b"<script", b"<table")


def size_of(source: Path | bytes) -> int:
    """Size of the source in bytes."""
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def opened(source: Path | bytes) -> IO[bytes]:
    """The source as a binary file."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def limited(size: int, limit: int) -> None:
    """Raise InputError when `size` is above the upload limit."""
    if size > limit:
        raise InputError(
            f"expected a file of at most {limit / 1e6:,.0f} MB", f"found {size / 1e6:,.0f} MB", "split the export by period and upload the parts"
        )


def kind(source: Path | bytes) -> str:
    """"", "zip" or "xlsx". Raises InputError for what is no table: empty files, documents, images, markup, databases."""
    if isinstance(source, Path) and not source.is_file():
        raise InputError("expected a file", f"found nothing at {source.name}", "check the path")
    with opened(source) as file:
        head = file.read(4096)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise InputError("expected an export with a header and records", "found an empty file", "export again and check that it has records")
    for start, what in REFUSED:
        if head.startswith(start):
            raise InputError("expected a CSV or XLSX export", f"found {what}", ACTION)
    if head.startswith(OLE):
        raise InputError(
            "expected a CSV or an unprotected XLSX export",
            "found a password-protected or old Excel (.xls) workbook",
            "save it as XLSX without a password, or as CSV",
        )
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
        raise InputError("expected a CSV or XLSX export", "found a web page or XML (often a sign-in page saved in place of the export)", ACTION)
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ""
    return "xlsx" if any(name.endswith("workbook.xml") or name == "[Content_Types].xml" for name in _names(source)) else "zip"


def _names(source: Path | bytes) -> list[str]:
    try:
        with opened(source) as file, zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(
            "expected a whole ZIP or XLSX file", "found one that is damaged or cut off", "download it again and upload the new copy"
        ) from error


@contextmanager
def unpacked(source: Path | bytes, limit: int) -> Iterator[tuple[str, Path | bytes]]:
    """The container's kind and the text inside it, unpacked beside the system's temporary files while in use.

    Raises InputError for archives with no file or several, for bombs, and for damaged or protected ones.
    """
    limited(size_of(source), limit)
    shape = kind(source)
    if not shape:
        yield "", source
        return
    with tempfile.TemporaryDirectory(prefix="cx-intake-") as folder:
        target = Path(folder) / "records"
        if shape == "zip":
            _unzip(source, target, limit)
            inner = kind(target)
            if inner == "zip":
                raise InputError("expected one CSV or XLSX file in the ZIP", "found another ZIP in it", "unpack it and upload the file inside")
            if inner == "xlsx":
                text = Path(folder) / "text"
                _sheet(target, text)
                target = text
        else:
            _sheet(source, target)
        yield shape, target


def _unzip(source: Path | bytes, target: Path, limit: int) -> None:
    with opened(source) as file, zipfile.ZipFile(file) as archive:
        entries = [e for e in archive.infolist() if not e.is_dir() and not e.filename.startswith("__MACOSX/") and e.file_size]
        entries = [e for e in entries if not Path(e.filename).name.startswith(".")]
        if len(entries) != 1:
            raise InputError("expected a ZIP with one file in it", f"found {len(entries)}", "unpack it and upload the files one by one")
        entry = entries[0]
        if entry.flag_bits & 1:
            raise InputError("expected a ZIP without a password", "found an encrypted one", "unpack it and upload the file inside")
        if entry.file_size > 1 << 20 and entry.file_size > RATIO * max(entry.compress_size, 1):
            raise InputError(
                "expected an export",
                f"found a ZIP that grows {entry.file_size // max(entry.compress_size, 1):,} times when unpacked",
                "unpack it yourself and upload the file inside",
            )
        limited(entry.file_size, limit)
        try:
            with archive.open(entry) as packed, target.open("wb") as out:
                written = 0
                while block := packed.read(1 << 20):
                    written += len(block)
                    limited(written, min(limit, entry.file_size))
                    out.write(block)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError("expected a whole ZIP file", "found one that is damaged or cut off", "download it again") from error
        except Exception as error:  # zlib.error, lzma.LZMAError and their like share no base
            if isinstance(error, InputError):
                raise
            raise InputError("expected a whole ZIP file", "found one whose content is damaged", "download it again") from error


def cell(value: Any) -> str:
    """A spreadsheet cell as text: whole numbers without a fraction, moments as ISO."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    return str(value)


def _sheet(source: Path | bytes, target: Path) -> None:
    sheets = _names(source)
    total = 0
    with opened(source) as file, zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            total += entry.file_size
            if entry.file_size > 64 << 20 and entry.file_size > RATIO * max(entry.compress_size, 1):
                raise InputError("expected a spreadsheet", "found one that grows without measure when unpacked", "save it as CSV and upload that")
    limited(total, 2 << 30)
    try:
        with opened(source) as file:
            book = python_calamine.CalamineWorkbook.from_filelike(file)
            names = [n for n in book.sheet_names if book.get_sheet_by_name(n).total_height > 0]
            if not names:
                raise InputError("expected a sheet with records", "found an empty workbook", "export again")
            best = max(names[:20], key=lambda n: book.get_sheet_by_name(n).total_height) if len(names) > 1 else names[0]
            sheet = book.get_sheet_by_name(best)
            with target.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
                for row in sheet.iter_rows():
                    writer.writerow([cell(v) for v in row])
    except InputError:
        raise
    except BaseException as error:  # a panic in the parser of a damaged workbook is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        protected = "EncryptedPackage" in sheets
        what = "one protected by a password" if protected else "one that is damaged or cut off"
        raise InputError("expected a readable XLSX workbook", f"found {what}", "open it, save it without a password, or save it as CSV") from error
