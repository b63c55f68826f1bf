"""A survey as a plan: every column typed, option columns joined, dates understood, and what is still open to ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cx.errors import InputError
from cx.facts.datasets import DATASETS
from cx.intake import moments
from cx.intake.columns import Content
from cx.intake.plan import ASIDE, QUESTIONS, SCORES, Ask, Column, Options
from cx.intake.questions import UNSAID, numbers, question
from cx.intake.synonyms import headers_of
from cx.intake.tools.tool import Source, Tool
from cx.intake.words import plain

Lookup = Callable[[list[int]], dict[int, Content]]
MOMENTS = ("answered_at", "invited_at")
CONTEXT = ("customer_id", "email", "segment", "persona", "channel", "touchpoint", "product", "team", "agent", "language", "country", "invited_at", "delivered")
PERSONAL = re.compile(r"^(ip|ip address|ipaddress|first name|last name|name|phone|phone number|telefon|vorname|nachname|address|latitude|longitude)$")


@dataclass
class Reading:
    """What the planning of a file gathers."""

    columns: list[Column] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    zone: str = ""
    dates: str = ""


def survey(tool: Tool, sources: tuple[Source, ...], sample: dict[int, Content], whole: Lookup, options: Options) -> Reading:
    """Type every column of a wide survey export. `whole` looks at columns over the whole file."""
    reading = Reading()
    fields = wanted(tool, sources, options)
    likely = [s.index for s in sources if fields.get(s.index, "") in SCORES or (not fields.get(s.index) and _could_score(sample[s.index], tool.missing))]
    contents = sample | whole(likely)
    _unique(sources, sample, fields, options, reading)
    blocks = _blocks(sources, contents, fields)
    done: set[int] = set()
    for source in sources:
        if source.index in done:
            continue
        members = blocks.get(source.index)
        if members:
            done |= {m.index for m in members}
            column = _joined(members, contents)
            wish = next((w for name, w in options.columns.items() if plain(name) == plain(column.name)), "")
            reading.columns.append(replace(column, field=wish, why="as you said", certainty=1.0) if wish in ("property", "ignore", "choice", "text") else column)
            continue
        given = fields.get(source.index, "")
        known = next((tool.known[k] for k in (plain(source.code), "nps") if k in tool.known and (k != "nps" or _has_group(source, sources))), None)
        if known and not given:
            given = known.field
        elif known and given != known.field:
            known = None
        column, warnings, asks = question(source, contents[source.index], known, given, options, tool.missing)
        reading.columns.append(column)
        reading.warnings += warnings
        reading.asks += asks
    _fallback(tool, reading, contents, options)
    _comments(reading)
    dated(reading, tool, sample, whole, options)
    return reading


def wanted(tool: Tool, sources: tuple[Source, ...], options: Options) -> dict[int, str]:
    """Column index -> field, from what the user says, then the tool's own columns, then common context columns."""
    allowed = {*QUESTIONS, *ASIDE, "email", *DATASETS["responses"].types}
    found: dict[int, str] = {}
    for name, wish in options.columns.items():
        at = [s.index for s in sources if s.code == name] or [s.index for s in sources if plain(s.code) == plain(name) or (plain(s.text) == plain(name) and not s.sub)]
        if not at and any(plain(s.text) == plain(re.sub(r" \(\d+\)$", "", name)) for s in sources):
            continue  # a block of option columns: see `survey`
        if not at:
            raise InputError(f"expected the column {name!r} in the file", f"found {_some(sources)}", "use a header as it stands in the file")
        if wish not in allowed:
            raise InputError(f"expected a column of responses or one of {', '.join((*QUESTIONS, *ASIDE))}", f"found {wish!r}", "choose one of them")
        found[at[0]] = wish
    single = [f for f in found.values() if f not in QUESTIONS and f not in ASIDE]
    twice = next((f for f in single if single.count(f) > 1), "")
    if twice:
        raise InputError(f"expected one column for {twice}", "found two mapped on it", "choose one and map the other as property")
    taken = set(single)
    own = headers_of("responses") if tool.name == "generic" else {h: v for h, v in headers_of("responses").items() if v[0] in CONTEXT}
    order = {name: rank for rank, name in enumerate(tool.fields)}
    for source in sorted(sources, key=lambda s: -order.get(plain(s.code), -1) if tool.fields.get(plain(s.code)) == "answered_at" else 0):
        if source.index in found:
            continue
        name = plain(source.code)
        wish = tool.fields.get(name, "") if name or source.code in ("#", "") else ""
        if not wish and source.block < 0 and len(name.split()) <= 3 and name not in UNSAID:
            wish = own.get(name, ("", ""))[0]
            if wish in ("score", "comment", "metric", "answer", "question_text", "scale_min", "scale_max", "higher_is_better", "survey_kind"):
                wish = ""
            if PERSONAL.match(name) and not wish:
                wish = "ignore"
        if not wish:
            continue
        if wish in taken:
            wish = "ignore" if wish in MOMENTS else "property"
        if wish not in QUESTIONS and wish not in ASIDE:
            taken.add(wish)
        found[source.index] = wish
    return found


def _unique(sources: tuple[Source, ...], sample: dict[int, Content], fields: dict[int, str], options: Options, reading: Reading) -> None:
    """A column whose values repeat cannot name responses: it names the respondent, if no other column does."""
    for s in sources:
        content = sample[s.index]
        if fields.get(s.index) != "response_id" or options.columns.get(s.code) == "response_id" or all(n == 1 for n in content.values.values()):
            continue
        person = "respondent" in plain(s.code) and "customer_id" not in fields.values()
        fields[s.index] = "customer_id" if person else "property"
        reading.warnings.append(
            f"{s.code!r} repeats, so it does not name a response: it is read as {'the customer' if person else 'a property'}, and responses are told apart by what they say"
        )


def _some(sources: tuple[Source, ...]) -> str:
    return ", ".join(s.code for s in sources[:12]) + (" …" if len(sources) > 12 else "")


def _has_group(source: Source, sources: tuple[Source, ...]) -> bool:
    return any(s.code == f"{source.code}_NPS_GROUP" for s in sources)


def _could_score(content: Content, missing: tuple[str, ...]) -> bool:
    if content.more or len(content.values) > 400 or content.width() > 60:
        return False
    return not content.values or numbers(content, missing).share >= 0.3


def _blocks(sources: tuple[Source, ...], contents: dict[int, Content], fields: dict[int, str]) -> dict[int, list[Source]]:
    """First index -> option columns of one question: each holds its own option's words, or yes and no."""
    groups: dict[int, list[Source]] = {}
    for s in sources:
        if s.block >= 0 and s.sub and not fields.get(s.index):
            groups.setdefault(s.block, []).append(s)
    ticks = {"yes", "no", "y", "n", "ja", "nein", "oui", "non", "si", "sim", "nao", "checked", "unchecked", "selected", "not selected", "quoted", "not quoted", "1", "0", "x", "true", "false"}
    out = {}
    for members in groups.values():
        if len(members) < 2:
            continue
        marks = 0
        for s in members:
            values = {plain(v) for v in contents[s.index].values}
            marks += values <= ticks or (len(values) <= 1 and not any(v.isdigit() for v in values))
        if marks >= 0.6 * len(members) and any(contents[s.index].filled for s in members):
            out[members[0].index] = members
    return out


def _joined(members: list[Source], contents: dict[int, Content]) -> Column:
    first = members[0]
    members = sorted(members, key=lambda s: plain(s.sub))  # the same text whatever the order of the columns
    filled = max(contents[s.index].filled for s in members)
    return Column(
        unit="choice",
        name=re.sub(r"\s+", " ", first.text)[:300] or first.code,
        text=first.text,
        field="property",
        members=tuple(s.index for s in members),
        why=f"{len(members)} option columns of one question",
        certainty=0.8,
        n=filled,
        seen=contents[first.index].seen,
        example=first.sub,
        labels=tuple(s.sub for s in members),
    )


def _fallback(tool: Tool, reading: Reading, contents: dict[int, Content], options: Options) -> None:
    """Without any score: a column simply called score; without that either, choices and texts are the answers."""
    if not any(c.field in SCORES for c in reading.columns):
        for at, column in enumerate(reading.columns):
            name = plain(column.name)
            if name in UNSAID and column.field == "choice" and column.low is not None:
                source = Source(column.members[0], column.name, column.text)
                kind = "nps" if options.scale == (0.0, 10.0) else "rating"
                typed, warnings, asks = question(source, contents[column.members[0]], None, kind, options, tool.missing)
                reading.columns[at] = replace(typed, why="a column of scores whose question is not named", certainty=0.5)
                reading.warnings += warnings
                reading.asks += asks
                if kind == "rating":
                    reading.warnings.append(
                        f"{column.name!r} is read as a rating from {typed.scale_min:g} to {typed.scale_max:g}, because nothing says what it asks; "
                        f"say --map {column.name}=nps (or ces, csat) if it does"
                    )
                break
    scored = any(c.field in SCORES for c in reading.columns)
    worded = {c.field for c in reading.columns} & {"comment"}
    for at, column in enumerate(reading.columns):
        if column.field == "choice" and column.name not in options.columns and (scored or worded):
            reading.columns[at] = replace(column, field="property", unit="choice", why=column.why + "; kept to break scores down by")
        elif column.field == "property" and column.labels and not scored and not worded:
            reading.columns[at] = replace(column, field="choice")
    # A block joined before is named like its question: keep the names apart.
    taken: dict[str, int] = {}
    for at, column in enumerate(reading.columns):
        seen = taken[column.name] = taken.get(column.name, 0) + 1
        if seen > 1:
            reading.columns[at] = replace(column, name=f"{column.name} ({seen})")


def _comments(reading: Reading) -> None:
    """One comment beside the score: the one said so, else the fullest right after it; the others stay texts of their own."""
    found = [c for c in reading.columns if c.field == "comment"]
    if not any(c.field in SCORES for c in reading.columns):
        best = None
    else:
        best = max(found, key=lambda c: (c.certainty, c.n), default=None)
        if best is None:
            texts = [c for c in reading.columns if c.field == "text"]
            best = texts[0] if len(texts) == 1 else None
    for at, column in enumerate(reading.columns):
        if column is best:
            reading.columns[at] = replace(column, field="comment")
        elif column.field == "comment":
            reading.columns[at] = replace(column, field="text")


def dated(reading: Reading, tool: Tool, sample: dict[int, Content], whole: Lookup, options: Options, names: tuple[str, ...] = MOMENTS) -> None:
    """Find out how each moment is written, over the whole column; ask where day and month cannot be told apart."""
    columns = [c for c in reading.columns if c.field in names and not c.unit]
    contents = dict(sample)
    unsettled = [c.members[0] for c in columns if not ((sampled := moments.form_of(contents[c.members[0]].values)) and sampled[1])]
    contents |= whole(unsettled)
    zoned = True
    for column in columns:
        content = contents[column.members[0]]
        at = reading.columns.index(column)
        if not content.values:
            reading.columns[at] = replace(column, form=("ymd",))
            continue
        found = moments.form_of(v for v in content.values if v not in column.missing)
        if found is None:
            if column.name in options.columns or sum(moments.shape(v) is not None for v in list(content.values)[:2000]) >= 0.5 * min(len(content.values), 2000):
                found = moments.form_of(v for v in content.values if moments.shape(v))
            if found is None:
                reading.columns[at] = replace(column, field="property", why="its values are no dates")
                if column.name in options.columns or column.field == names[0]:
                    reading.warnings.append(f"{column.name!r} was taken for a date but holds values such as {content.example()!r}: kept as a property")
                continue
        form, settled = found
        order = next((f for f in form if f in moments.ORDERS), "")
        if order and not settled:
            chosen = options.dates or tool.dates
            if chosen:
                form = (chosen, *(f for f in form if f not in moments.ORDERS))
                if not options.dates:
                    reading.warnings.append(f"{column.name!r} is read as {_order(chosen)}, as {tool.title} writes it; --dates changes it")
            else:
                reading.asks.append(
                    Ask("dates", ("dmy", "mdy"), column.name, f"expected a date in {column.name!r} that tells the order of day and month",
                        f"found only ones like {content.example()!r} that can be read both ways", "say --dates dmy or --dates mdy")
                )  # fmt: skip
        reading.dates = reading.dates or order
        if any(re.search(r"[-/.]\d{2}(\s|$)", v) and not re.match(r"\s*\d{4}", v) for v in list(content.values)[:50]) and order in ("dmy", "mdy"):
            reading.warnings.append(f"{column.name!r} has two-digit years: 69 to 99 are read as 1969 to 1999, the rest as 20xx")
        if "unix" not in form and not all((r := moments.read(v, form)) is None or r[1] for v in list(content.values)[:200]):
            zoned = zoned and False
        reading.columns[at] = replace(column, form=form, example=content.example())
    reading.zone = options.zone or tool.zone
    if columns and not zoned and not reading.zone:
        reading.warnings.append("times carry no zone and are taken as UTC; --zone Europe/Berlin, say, changes it")
    reading.zone = reading.zone or "UTC"


def _order(order: str) -> str:
    return {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year-month-day"}[order]
