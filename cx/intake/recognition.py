"""From a file to a plan: which tool wrote it, which dataset it is, and how each column is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cx.errors import InputError
from cx.facts.datasets import DATASETS, dataset
from cx.intake import amounts, events, mapping, mending, moments
from cx.intake.columns import Content, contents, first, whole
from cx.intake.container import size_of, unpacked
from cx.intake.encoding import TITLES, encoding_of
from cx.intake.exclusions import kept
from cx.intake.plan import Ask, Column, Exclusion, Layout, Options, Plan
from cx.intake.reader import Head, head_of
from cx.intake.survey import Lookup, Reading, survey
from cx.intake.synonyms import headers_of
from cx.intake.tools import GENERIC, TOOLS, recognise
from cx.intake.tools.tool import Found, Source, Tool, filled
from cx.intake.words import plain

SUMMARY = ({"answer choices", "responses"}, {"answer options", "response percent"}, {"answered", "skipped"}, {"mean", "std deviation"}, {"mean", "standard deviation"}, {"average", "median"})
FIRST = 60


def plan(source: Path | bytes, name: str = "", options: Options | None = None) -> Plan:
    """How the file is understood, without storing anything.

    `source`: the path or the bytes; `name`: the file's name as the user knows it. Reads the file through twice at most,
    in constant memory (an event log with starts and completions once more, with 30 bytes a record). The plan's `asks` are
    questions only the user can answer; `warnings` are guesses to look at.
    Raises InputError, one sentence, for what cannot be read at all.
    """
    options = options or Options()
    name = name or (source.name if isinstance(source, Path) else "upload")
    _checked(options)
    with unpacked(source, options.limit) as (container, text):
        encoding = encoding_of(text)
        head = head_of(text, encoding)
        start = _start(head.records)
        rows = head.records[start:]
        refused = mending.batch_of(rows[0])
        if refused is not None:
            former = mending.earlier(refused, source)
            layout = _layout(head, start, former.layout.header_rows, container, encoding, size_of(source))
            return mending.again(former, layout, name, refused, options)
        _refuse_summary(rows)
        tool, found = _tool(rows, options)
        count = found.header_rows
        layout = _layout(head, start, count, container, encoding, size_of(source))
        header = [*rows[0], *[""] * layout.columns][: layout.columns]
        tops = [header, *[[*row, *[""] * layout.columns][: layout.columns] for row in rows[1:FIRST]]]
        sources = (filled if tool.name == "generic" and count == 2 else tool.lay)(tops, count)
        batch, all_ = first(text, layout)
        if batch is None or batch.records == 0:
            raise InputError("expected records below the header", "found none", "export again and check that it has responses")
        if batch.frame.height == 0 and all_:
            reason = batch.ragged[0].reason
            raise InputError(f"expected records of {layout.columns} cells, as in the header", f"found none ({reason})", "export again with one delimiter throughout")
        if tool.name == "generic" and not options.columns:
            _refuse_headless(header)
        rules = _exclusions(tool, sources, options)
        tool = _zoned(tool, tops)
        sample = contents([kept(rules, batch.frame)], range(layout.columns))
        look = _look(text, layout, sample, all_, rules)
        name_of, why = _dataset(tool, sources, sample, options)
        long = name_of == "responses" and _long(tool, sources, options)
        if name_of == "responses" and not long:
            reading = survey(tool, sources, sample, look, options)
        else:
            reading = mapping.table(tool, name_of, sources, sample, look, options, layout.delimiter)
        constants, currency = _constants(name_of, name, options, reading, sources, sample)
        _findings(name_of, reading)
        made = Plan(
            source=source, name=name, tool=tool.name, title=tool.title, certainty=found.certainty, why="; ".join(w for w in (found.why, why) if w),
            dataset=name_of, survey=options.survey or (survey_name(name) if name_of == "responses" else ""), layout=layout, columns=tuple(reading.columns),
            exclusions=(*rules, *events.rules(reading.columns)), warnings=tuple(dict.fromkeys(_notes(layout) + reading.warnings)), asks=tuple(reading.asks),
            zone=reading.zone or "UTC", dates=reading.dates, currency=currency, constants=constants, once=tool.once, options=options,
        )  # fmt: skip
        if events.single(made.columns) and not made.asks:
            made = replace(made, warnings=(*made.warnings, *events.pairs(made, text).warnings))
    return made


def _checked(options: Options) -> None:
    if options.dataset:
        dataset(options.dataset)
    if options.zone:
        moments.zone_named(options.zone)
    if options.dates and options.dates not in moments.ORDERS:
        raise InputError("expected the order of dates as dmy, mdy or ymd", f"found {options.dates!r}", "choose one of them")
    if options.effort and options.effort not in ("higher-is-better", "higher-is-worse"):
        raise InputError("expected --effort higher-is-better or higher-is-worse", f"found {options.effort!r}", "choose one of them")
    if options.scale and not options.scale[0] < options.scale[1]:
        raise InputError("expected a scale from its lowest to its highest score, such as 0-10", f"found {options.scale}", "turn it round")
    if options.tool and options.tool not in {t.name for t in TOOLS} | {"generic"}:
        raise InputError(f"expected one of the tools {', '.join(t.name for t in TOOLS)}, generic", f"found {options.tool!r}", "choose one of them")


def _start(records: Sequence[Sequence[str]]) -> int:
    """The header: the first record as wide as most, after blank ones and titles above the table."""
    widths = Counter(len(r) for r in records if any(c.strip() for c in r))
    if not widths:
        raise InputError("expected an export with a header and records", "found an empty table", "export again and check that it has records")
    common = max(widths, key=lambda w: (widths[w], w))
    for at, row in enumerate(records[:50]):
        filled_cells = sum(bool(c.strip()) for c in row)
        if filled_cells and (len(row) >= common or (len(row) > 1 and filled_cells > 1)) and not (common > 2 and filled_cells == 1 and len(row) <= common and _titled(records, at)):
            return at
    return 0


def _titled(records: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a record with one filled cell is a title above a header."""
    following = next((r for r in records[at + 1 :] if any(c.strip() for c in r)), ())
    return sum(bool(c.strip()) for c in following) > 1 or len(following) <= 1


def _layout(head: Head, start: int, count: int, container: str, encoding: str, size: int) -> Layout:
    if len(head.records) <= start + count - 1:
        raise InputError("expected records below the header", "found none", "export again and check that it has responses")
    row = head.records[start]
    widths = Counter(len(r) for r in head.records[start + count :] if any(c.strip() for c in r))
    width = len(row)
    if widths and width not in widths:
        common = widths.most_common(1)[0][0]
        spare = row[common:] if common < width else ()
        longer = common > width and all(not c.strip() for r in head.records[start + count :] if len(r) == common for c in r[width:])
        if (spare and not any(c.strip() for c in spare)) or longer:
            width = common
    heads = tuple(tuple([*r, *[""] * width][:width]) for r in head.records[start : start + count])
    return Layout(container, encoding, head.delimiter, head.newline, head.ends[start + count - 1], width, count, head.mend, size, heads[0], heads)


def _tool(rows: Sequence[Sequence[str]], options: Options) -> tuple[Tool, Found]:
    names = {plain(c) for c in rows[0] if c.strip()}
    for title in DATASETS if not options.tool and len(names) >= 4 else ():
        own = {plain(column) for column in DATASETS[title].types}
        if len(names & own) >= 0.8 * len(names) and len(names & own) >= 4:
            return GENERIC, Found(0.95, f"the column names of {title}", 1)
    claimed = recognise(rows[:FIRST])
    if options.tool == "generic" or (options.dataset and claimed and claimed[0].dataset != options.dataset and not options.tool):
        claimed = None
    if options.tool and options.tool != "generic":
        tool = next(t for t in TOOLS if t.name == options.tool)
        return tool, tool.find(tool, rows[:FIRST]) or Found(0.5, "you said so", 1)
    return claimed or (GENERIC, Found(0.3, "no tool's headers found", 1))


def _zoned(tool: Tool, rows: Sequence[Sequence[str]]) -> Tool:
    """The tool, with the zone that this file's header names."""
    name = tool.zone_in(rows)
    try:
        return replace(tool, zone=moments.zone_named(name)) if name else tool
    except InputError:
        return tool


def _refuse_summary(rows: Sequence[Sequence[str]]) -> None:
    for row in rows[:12]:
        cells = {plain(c) for c in row}
        if len(row) <= 12 and any(marks <= cells for marks in SUMMARY):
            raise InputError("expected one record per response", f"found a summary ({', '.join(c for c in row if c)[:80]})", "export all responses, not the summary")
    leading = [plain(r[0]) for r in rows[:40] if r]
    if {"answered", "skipped"} <= set(leading) or {"promoters", "passives", "detractors"} <= set(leading):
        raise InputError("expected one record per response", "found a summary of answers", "export all responses, not the summary")


def _refuse_headless(header: Sequence[str]) -> None:
    if any(plain(c) in headers_of(name) for name in DATASETS for c in header if c.strip()):
        return
    data = [c for c in header if re.fullmatch(r"\s*[-+]?\d+([.,]\d+)?\s*%?", c) or moments.shape(c) or re.fullmatch(r"\S+@\S+\.\w+", c.strip())]
    if data:
        raise InputError("expected a header that names the columns", f"found a first record that reads as data ({data[0][:40]!r})", "export with column names, or add a first line with them")


def _look(text: Path | bytes, layout: Layout, sample: dict[int, Content], all_: bool, rules: tuple[Exclusion, ...]) -> Lookup:
    seen = dict(sample) if all_ else {}

    def look(indexes: list[int]) -> dict[int, Content]:
        new = [i for i in indexes if i not in seen]
        if new:
            seen.update(whole(text, layout, new, rules))
        return {i: seen[i] for i in indexes}

    return look


def _dataset(tool: Tool, sources: tuple[Source, ...], sample: dict[int, Content], options: Options) -> tuple[str, str]:
    if options.dataset:
        return options.dataset, "dataset as you said"
    if tool.name != "generic":
        return tool.dataset, ""
    if any(field in ("nps", "ces", "csat", "rating", "comment", "text", "choice") for field in options.columns.values()):
        return "responses", "question types as you said"
    name, points, why = mapping.guess(sources, sample)
    if points < 1.0 or not name:
        headers = ", ".join(s.code for s in sources[:10]) + (" …" if len(sources) > 10 else "")
        raise InputError(
            "expected survey questions or the columns of a dataset", f"found {headers}", f"say --dataset ({', '.join(DATASETS)}) and --map COLUMN=FIELD where names differ"
        )
    return name, why


def _long(tool: Tool, sources: tuple[Source, ...], options: Options) -> bool:
    fields = {tool.fields.get(plain(s.code), "") for s in sources} | {options.columns.get(s.code, "") for s in sources}
    names = {plain(s.code) for s in sources}
    return "metric" in fields or ("metric" in names and bool(names & {"score", "answer"}))


def survey_name(name: str) -> str:
    """The survey's name from the file's: without folder, ending, copy number and export date.

    >>> survey_name("Relationship 2025_November 20, 2025_10.30.csv"), survey_name("nps_2025-03.csv"), survey_name("Feedback (Responses) - Form Responses 1.csv")
    ('Relationship 2025', 'nps', 'Feedback')
    """
    stem = re.sub(r"\.(csv|tsv|txt|xlsx|zip|xlsm)$", "", Path(name.replace("\\", "/")).name, flags=re.IGNORECASE)
    for pattern in (
        r"\s*\(Responses\).*$", r"\s*-\s*Form Responses \d+$", r"\s*\(\d+(-\d+)?\)$", r"[ _-]*(copy|Kopie|copie|copia)( \d+)?$",
        r"_[^\W\d]+ \d{1,2}, \d{4}_\d{2}\.\d{2}$", r"[ _-]*\d{4}-?\d{2}(-?\d{2})?([T _-]?\d{2}[-_.:]?\d{2}([-_.:]?\d{2})?)?$",
    ):  # fmt: skip
        stem = re.sub(pattern, "", stem) or stem
    return stem.strip(" _-") or "survey"


def _constants(name: str, file: str, options: Options, reading: Reading, sources: tuple[Source, ...], sample: dict[int, Content]) -> tuple[tuple[tuple[str, str], ...], str]:
    have = {c.field for c in reading.columns}
    constants = []
    if name == "step_runs" and "process" not in have:
        constants.append(("process", options.survey or survey_name(file)))
        reading.warnings.append(f"no column names the process: it is called {constants[-1][1]!r} after the file")
    if name == "mentions" and "source" not in have:
        constants.append(("source", options.survey or survey_name(file)))
    if "email" in have and "customer_id" not in have and "customer_id" in DATASETS[name].types:
        reading.warnings.append("customers are identified by their e-mail address in lower case, since no column holds a customer number")
    currency = options.currency.upper()
    if any(c.field.endswith("_minor") for c in reading.columns) and "currency" not in have and not currency:
        money = [c for c in reading.columns if c.field.endswith("_minor")]
        seen = [amounts.currency_in(c.name) or next((k for v in list(sample[c.members[0]].values)[:50] if (k := amounts.currency_in(v))), "") for c in money]
        currency = next((c for c in seen if c), "")
        if not currency:
            reading.warnings.append("amounts carry no currency; --currency EUR, say, sets it")
        if len({c for c in seen if c}) > 1:
            reading.asks.append(Ask("currency", tuple(sorted({c for c in seen if c})), "currency", "expected amounts in one currency", f"found {', '.join(sorted({c for c in seen if c}))}", "say --currency CODE"))
    return tuple(constants), currency


def _exclusions(tool: Tool, sources: tuple[Source, ...], options: Options) -> tuple[Exclusion, ...]:
    rules = []
    for rule in tool.rules:
        at = next((s.index for header in rule.headers for s in sources if plain(s.code) == header), None)
        if at is not None and rule.reason not in options.include:
            rules.append(Exclusion(at, rule.values, rule.reason, rule.unless))
    return tuple(rules)


def _notes(layout: Layout) -> list[str]:
    notes = []
    if layout.encoding not in ("utf-8", "utf-16-le", "utf-16-be"):
        notes.append(f"the text is read as {TITLES[layout.encoding]}, a guess: look at accented letters")
    if layout.mend:
        notes.append("some quotation marks do not pair up, or a line is too long: such lines are rejected or read with the mark as a character")
    return notes


def _findings(name: str, reading: Reading) -> None:
    """Suspicious content that is worth a look before importing."""
    fields = [c for c in reading.columns if c.field in ("nps", "ces", "csat", "rating")]
    for c in fields:
        if c.n > 20 and c.low is not None and c.low == c.high:
            reading.warnings.append(f"all {c.n:,} answers to {c.name!r} are {c.low:g}")
        if c.seen and c.n < 0.1 * c.seen and c.seen > 20:
            reading.warnings.append(f"{c.name!r} is answered in only {c.n:,} of {c.seen:,} records")
    if name == "responses" and not any(c.field in ("nps", "ces", "csat", "rating", "text", "comment", "choice", "score", "answer", "metric") for c in reading.columns):
        raise InputError("expected at least one question with answers", f"found {', '.join(c.name for c in reading.columns[:8])}", "say --map COLUMN=nps (ces, csat, rating, comment)")


def columns_of(plan_: Plan, field: str) -> list[Column]:
    """The columns of a plan that are read as `field`."""
    return [c for c in plan_.columns if c.field == field]


