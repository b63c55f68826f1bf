"""A table of one of the datasets as a plan: which header is which column, in which unit, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cx.errors import InputError
from cx.facts.datasets import DATASETS
from cx.intake import amounts
from cx.intake.columns import Content
from cx.intake.plan import ASIDE, BESIDE, Ask, Column, Options
from cx.intake.questions import bounds, numbers
from cx.intake.survey import Lookup, Reading, dated
from cx.intake.synonyms import INSTEAD, headers_of
from cx.intake.tools.tool import Source, Tool
from cx.intake.words import EFFORT, EFFORT_BETTER, EFFORT_WORSE, RATE, RECOMMEND, SATISFIED, plain

SHARED = frozenset(
    {"customer_id", "email", "segment", "persona", "channel", "country", "region", "product", "team", "agent", "touchpoint", "language", "currency", "campaign", "owner", "name"}
)


def guess(sources: tuple[Source, ...], sample: dict[int, Content]) -> tuple[str, float, str]:
    """(dataset, points, why) of the dataset whose own columns the headers name best; a survey wins by its questions."""
    headers = {plain(s.code) for s in sources}
    best = ("", 0.0, "")
    for name, dataset in DATASETS.items():
        known = headers_of(name)
        own = {plain(column) for column in dataset.types} | {plain(title) for title in dataset.titles.values()}
        points: dict[str, float] = {}
        for header in sorted(headers & known.keys()):
            field = known[header][0]
            weight = (0.3 if field in SHARED else 1.0) * (1.0 if header in own else 0.6)
            points[field] = max(points.get(field, 0.0), weight)
        needed = ("metric", "score") if name == "responses" else dataset.required
        if not all(n in points or INSTEAD.get((name, n)) in points for n in needed) or (name == "responses" and "metric" not in headers):
            continue
        if name == "mentions" and not {"text", "rating"} & points.keys():
            continue
        total = sum(points.values())
        if total > best[1]:
            best = (name, total, "columns " + ", ".join(f for f in points if f not in SHARED)[:120])
    asked = 0.0
    words = []
    for s in sources:
        text = plain(f"{s.text} {s.sub}")
        for pattern, weight in ((RECOMMEND, 4.0), (EFFORT, 2.5), (EFFORT_BETTER, 2.0), (EFFORT_WORSE, 2.0), (SATISFIED, 1.5)):
            if pattern.search(text):
                asked += weight
                words.append(s.code[:40])
                break
        if text in ("score", "rating") or (RATE.search(text) and sample[s.index].values and numbers(sample[s.index], ()).share >= 0.5):
            asked += 1.2
        if text in ("comment", "comments", "feedback", "kommentar", "verbatim", "commentaire", "comentario"):
            asked += 0.8
        if len(text.split()) > 4 or "?" in s.text:
            asked += 1.0
    if asked > 1.1 and asked >= best[1] - (0.0 if best[0] != "responses" else 100.0):
        return "responses", asked, "questions " + ", ".join(words[:3]) if words else "columns read as questions"
    return best


def table(tool: Tool, dataset: str, sources: tuple[Source, ...], sample: dict[int, Content], whole: Lookup, options: Options, delimiter: str) -> Reading:
    """Map every header of a table. Columns a dataset cannot do without are asked for."""
    reading = Reading()
    fields = _fields(tool, dataset, sources, options, reading)
    types = DATASETS[dataset].types
    for s in sources:
        field, unit, why, certainty = fields.get(s.index, ("property", "", "no column of this dataset is called so", 0.3))
        content = sample[s.index]
        column = Column(s.code, s.text, field, (s.index,), why, certainty, n=content.filled, seen=content.seen, example=content.example(), unit=unit, missing=tool.missing)
        reading.columns.append(column)
    numeric = [c for c in reading.columns if types.get(c.field) in (int, float) or (c.unit and c.field in types)]
    if numeric:
        contents = sample | whole([c.members[0] for c in numeric if c.field in ("satisfaction", "rating", "probability")])
        for column in numeric:
            content = contents[column.members[0]]
            form = ("comma",) if amounts.comma_decimal(content.values, delimiter) else ("point",)
            unit = column.unit
            scale: tuple[float | None, float | None] = (None, None)
            values = [v for text in list(content.values)[:5000] if (v := amounts.number(text, form == ("comma",))) is not None]
            if column.field == "probability" and (any(v > 1 for v in values) or any("%" in v for v in content.values)):
                unit = "percent"
            if column.field in ("satisfaction", "rating") and dataset in ("tickets", "mentions"):
                found = numbers(content, tool.missing)
                scale = bounds(found) if found.counts else (0.0, 1.0)
            reading.columns[reading.columns.index(column)] = replace(
                column, form=form, unit=unit, low=min(values, default=None), high=max(values, default=None), scale_min=scale[0], scale_max=scale[1]
            )
    dated(reading, tool, sample, whole, options, tuple(n for n, kind in types.items() if kind is datetime))
    have = {c.field for c in reading.columns}
    for name in DATASETS[dataset].required:
        if name in have or INSTEAD.get((dataset, name)) in have:
            continue
        headers = tuple(s.code for s in sources)
        reading.asks.append(
            Ask("columns", headers, name, f"expected a column for {name} ({DATASETS[dataset].descriptions[name].lower()}) in {dataset}",
                f"found {', '.join(headers[:10])}{' …' if len(headers) > 10 else ''}", f"say --map COLUMN={name}, or --dataset if this is none of {dataset}")
        )  # fmt: skip
    return reading


def _fields(tool: Tool, dataset: str, sources: tuple[Source, ...], options: Options, reading: Reading) -> dict[int, tuple[str, str, str, float]]:
    """Column index -> (field, unit, why, certainty); the first claim on a field by the user, the tool, its name, a synonym wins."""
    types = DATASETS[dataset].types
    known = headers_of(dataset)
    claims: list[tuple[int, int, str, str, str, float]] = []
    wishes = {}
    for name, wish in options.columns.items():
        at = next((s.index for s in sources if s.code == name), None) or next((s.index for s in sources if plain(s.code) == plain(name)), None)
        if at is None:
            raise InputError(f"expected the column {name!r} in the file", f"found {', '.join(s.code for s in sources[:12])}", "use a header as it stands in the file")
        wish = f"{wish}_minor" if f"{wish}_minor" in types else wish
        if wish not in types and wish not in (*ASIDE, *BESIDE.get(dataset, ()), "email"):
            raise InputError(f"expected a column of {dataset} ({', '.join(types)}), property or ignore", f"found {wish!r}", "choose one of them")
        wishes[at] = wish
    order = {name: rank for rank, name in enumerate(tool.fields)}
    for s in sources:
        name = plain(s.code)
        bare = plain(s.code.split("(")[0]) if amounts.currency_in(s.code) else name
        unit = ""
        if s.index in wishes:
            field = wishes[s.index]
            unit = "major" if field.endswith("_minor") and name != plain(field) else ""
            claims.append((0, s.index, field, unit, "as you said", 1.0))
        elif name in tool.fields or bare in tool.fields:
            field, _, unit = tool.fields.get(name, tool.fields.get(bare, "")).partition(":")
            claims.append((1000 + order.get(name, order.get(bare, 0)), s.index, field, unit, f"column of {tool.title}", 0.95))
        elif name in known or bare in known:
            field, unit = known.get(name, known.get(bare, ("", "")))
            exact = name == plain(field)
            claims.append((5000 if exact else 6000 + s.index, s.index, field, unit, "its name" if exact else "a known name for it", 0.99 if exact else 0.8))
    out: dict[int, tuple[str, str, str, float]] = {}
    taken: dict[str, str] = {}
    for rank, index, field, unit, why, certainty in sorted(claims):
        code = next(s.code for s in sources if s.index == index)
        if field not in ASIDE:
            if field in taken and unit in ("minutes", "hours"):
                out[index] = ("property", "", f"{field} stands in {taken[field]!r}", 0.5)
                continue
            if field in taken:
                if rank == 0:
                    raise InputError(f"expected one column for {field}", f"found two mapped on it, {taken[field]!r} and {code!r}", "choose one and map the other as property")
                out[index] = ("property", "", f"{taken[field]!r} is read as {field}", 0.5)
                continue
            taken[field] = code
        out[index] = (field, unit, why, certainty)
    return out
