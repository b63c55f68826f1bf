"""What the caller asks for (`Options`), how a file is understood (`Plan`) and what reading it gives (`Chunk`).

Everything here is frozen and holds plain values, so that a plan can be shown, corrected, kept as a mapping profile,
and carried to the process that imports.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from cx.errors import InputError

SCORES = ("nps", "ces", "csat", "rating")
QUESTIONS = (*SCORES, "comment", "text", "choice")
ASIDE = ("property", "ignore")
# What a column of a dataset may be read as without being stored: it says what the record is.
BESIDE: Mapping[str, tuple[str, ...]] = {"step_runs": ("transition",)}
GIB = 1 << 30


@dataclass(frozen=True)
class Options:
    """What the user says about a file; each word here beats every guess.

    dataset   name of a dataset
    survey    name of the survey
    columns   source column -> a dataset column, a question type (nps, ces, csat, rating, comment, text, choice),
              property or ignore
    scale     lowest and highest score of the score questions
    effort    higher-is-better or higher-is-worse, for effort questions
    dates     dmy, mdy or ymd: the order in dates that can be read in two ways
    zone      IANA time zone of moments written without one
    currency  ISO code of amounts written without one
    tool      name of a tool, where recognition is wrong
    include   reasons (preview, test, partial, spam) whose records are wanted all the same
    limit     largest file taken, in bytes after unpacking
    """

    dataset: str = ""
    survey: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    scale: tuple[float, float] | None = None
    effort: str = ""
    dates: str = ""
    zone: str = ""
    currency: str = ""
    tool: str = ""
    include: tuple[str, ...] = ()
    limit: int = 4 * GIB


@dataclass(frozen=True)
class Layout:
    """How the bytes become records: everything the reader needs to start at the first data record.

    `container` is "", "zip" or "xlsx"; `offset` counts bytes of the text re-written as UTF-8; `mend` says that quotes
    do not pair up everywhere, so records are split by the careful, slower reader. `size` is the size in bytes,
    `heads` are all header rows as they stand. `guarded` says that cells carry the apostrophes of `cx.formula`.
    """

    container: str
    encoding: str
    delimiter: str
    newline: str
    offset: int
    columns: int
    header_rows: int
    mend: bool
    size: int
    header: tuple[str, ...]
    heads: tuple[tuple[str, ...], ...] = ()
    guarded: bool = False


@dataclass(frozen=True)
class Column:
    """A source column (or block of option columns) and how it is read.

    `field` is a dataset column, a question type, property or ignore. `why` says what the guess rests on; `low` and
    `high` are the values seen, `n` how many cells are filled among `seen`. `scale_min`, `scale_max` and
    `higher_is_better` are set for scores, `form` for moments (see `moments`) and `unit` for derived values.
    `members` are the columns of the file that belong to it; `labels` their option words.
    """

    name: str
    text: str
    field: str
    members: tuple[int, ...]
    why: str = ""
    certainty: float = 0.0
    low: float | None = None
    high: float | None = None
    n: int = 0
    seen: int = 0
    example: str = ""
    scale_min: float | None = None
    scale_max: float | None = None
    higher_is_better: bool | None = None
    form: tuple[str, ...] = ()
    unit: str = ""
    labels: tuple[str, ...] = ()
    words: tuple[tuple[str, float], ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exclusion:
    """Records whose cell in column `index` is among `values` (or, with `unless`, is not) are left out for `reason`."""

    index: int
    values: tuple[str, ...]
    reason: str
    unless: bool = False


@dataclass(frozen=True)
class Ask:
    """A question only the user can answer: the option that answers it, its choices and the sentence to show."""

    option: str
    choices: tuple[str, ...]
    column: str
    expected: str
    found: str
    action: str

    @property
    def sentence(self) -> str:
        """The question as one sentence."""
        return str(InputError(self.expected, self.found, self.action))


@dataclass(frozen=True)
class Plan:
    """How a file was understood. `asks` must be empty before it can be read: see `check`."""

    source: Path | bytes
    name: str
    tool: str
    title: str
    certainty: float
    why: str
    dataset: str
    survey: str
    layout: Layout
    columns: tuple[Column, ...]
    exclusions: tuple[Exclusion, ...] = ()
    warnings: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    zone: str = "UTC"
    dates: str = ""
    currency: str = ""
    constants: tuple[tuple[str, str], ...] = ()
    once: bool = False
    options: Options = field(default_factory=Options)
    mends: int = 0  # the batch whose rejected records these are

    def check(self) -> Plan:
        """The plan itself; raises InputError with the first open question."""
        for ask in self.asks:
            raise InputError(ask.expected, ask.found, ask.action)
        return self

    def to_json(self) -> str:
        """The plan as JSON. A source given as bytes is left out: hand it to `from_json` again."""
        content = dataclasses.asdict(dataclasses.replace(self, source=b""))
        content["source"] = str(self.source) if isinstance(self.source, Path) else None
        return json.dumps(content, ensure_ascii=False)

    @staticmethod
    def from_json(text: str, source: Path | bytes | None = None) -> Plan:
        """The plan that `to_json` wrote; `source` replaces the path in it, and is needed where there was none."""
        content = json.loads(text)
        kept = source if source is not None else content["source"]
        if kept is None:
            raise InputError("expected the file this plan was made for", "found a plan made from bytes", "hand the bytes over with the plan")
        content["source"] = Path(kept) if isinstance(kept, str) else kept
        content["layout"] = Layout(**_tuples(content["layout"]))
        content["columns"] = tuple(Column(**_tuples(row)) for row in content["columns"])
        content["exclusions"] = tuple(Exclusion(**_tuples(row)) for row in content["exclusions"])
        content["asks"] = tuple(Ask(**_tuples(row)) for row in content["asks"])
        content["options"] = Options(**_tuples(content["options"]))
        return Plan(**_tuples(content))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _frozen(value) for name, value in row.items()}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Reject:
    """A record that cannot be taken: its number (1 = first data record), the first cell at fault, why, and its cells."""

    line: int
    column: str
    value: str
    reason: str
    raw: tuple[str, ...]


@dataclass(frozen=True)
class Chunk:
    """A stretch of records: `rows` holds the dataset's columns, `key` and `line`; the other three say where the rest went.

    records = distinct lines in `rows` + sum of `excluded` + number of `rejects`; where two records make one row, this holds
    of the file and not of a stretch, since the row comes with the later of the two.
    """

    rows: pa.Table
    records: int
    excluded: Mapping[str, int]
    rejects: tuple[Reject, ...]
