"""A chart as a recipe: which dataset, what is drawn against what, how values are summed up, which rows; and the chart that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.errors import InputError
from cx.facts import engine
from cx.facts.datasets import DATASETS
from cx.settings import settings
from cx.ui import charts, variables
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.text import quiet

KINDS = {"bar": "Bar", "line": "Line", "scatter": "Scatter", "heat_map": "Heat map", "box": "Box", "histogram": "Histogram"}
AGGREGATES = {"count": "Number of rows", "customers": "Number of customers", "mean": "Mean", "median": "Median", "p90": "90th percentile", "sum": "Sum", "min": "Lowest", "max": "Highest"}
GRAINS = ("day", "week", "month", "quarter", "year")
MOST = {"bar": 20, "line": 6, "heat_map": 14, "box": 12, "scatter": 40}
DOTS = 800


@dataclass(frozen=True)
class Recipe:
    """`x` is a category or moment (for a scatter or histogram a number), `y` a number or "" for counts, `split` a second category."""

    dataset: str
    kind: str
    x: str
    y: str = ""
    split: str = ""
    aggregate: str = "count"
    grain: str = "month"
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def document(self) -> dict[str, Any]:
        """As it is saved."""
        return {**asdict(self), "only": {k: list(v) for k, v in self.only}}


def read(document: Mapping[str, Any]) -> Recipe:
    """A saved recipe. Raises InputError where it names what the data does not have."""
    only = tuple(sorted((str(k), tuple(map(str, v))) for k, v in dict(document.get("only") or {}).items()))
    def text(name: str, usual: str = "") -> str:
        return str(document.get(name) or usual)

    made = Recipe(text("dataset"), text("kind", "bar"), text("x"), text("y"), text("split"), text("aggregate", "count"), text("grain", "month"), only)
    if made.dataset not in DATASETS or made.kind not in KINDS or made.aggregate not in AGGREGATES or made.grain not in GRAINS:
        raise InputError("a chart names a dataset, a kind, an aggregate and a grain that exist", f"found {made.dataset!r}, {made.kind!r}, {made.aggregate!r}, {made.grain!r}", "build it anew")
    known = variables.variables(made.dataset)
    for name in (made.x, made.y, made.split, *(k for k, _ in only)):
        if name and name not in known:
            raise InputError(f"a chart of {DATASETS[made.dataset].title.lower()} draws one of its variables", f"found {name!r}", "build it anew")
    return made


def needs(recipe: Recipe) -> str:
    """What is still missing, in words; empty when it can be drawn."""
    if recipe.kind in ("box", "scatter") and not recipe.y:
        return "Choose the number to draw."
    if recipe.kind == "heat_map" and not recipe.split:
        return "Choose the columns of the map."
    if recipe.aggregate not in ("count", "customers") and not recipe.y and recipe.kind in ("bar", "line", "heat_map"):
        return "Choose the number to sum up."
    return ""


def name_of(recipe: Recipe) -> str:
    """A plain title: what by what."""
    def title(key: str) -> str:
        return variables.title(recipe.dataset, key)
    what = AGGREGATES[recipe.aggregate] if not recipe.y or recipe.aggregate in ("count", "customers") else f"{AGGREGATES[recipe.aggregate]} of {title(recipe.y).lower()}"
    if recipe.kind == "histogram":
        return f"{title(recipe.x)}: spread"
    if recipe.kind in ("box", "scatter"):
        return f"{title(recipe.y)} by {title(recipe.x).lower()}"
    by = recipe.grain if variables.variables(recipe.dataset)[recipe.x].kind == "moment" else title(recipe.x).lower()
    return f"{what} by {by}" + (f" and {title(recipe.split).lower()}" if recipe.split else "")


def _value(recipe: Recipe, table: ir.Table) -> Any:
    if recipe.aggregate == "count" or (not recipe.y and recipe.aggregate != "customers"):
        return table.count().cast("float64")
    if recipe.aggregate == "customers":
        return table["person"].nunique().cast("float64")
    y = table[f"v_{recipe.y}"].cast("float64")
    return {"mean": y.mean, "median": y.median, "p90": lambda: y.quantile(0.9), "sum": y.sum, "min": y.min, "max": y.max}[recipe.aggregate]()


def grouped(view: View, recipe: Recipe, by: list[str]) -> tuple[list[dict[str, Any]], str]:
    """A row a group: the keys, `value` and `n`; groups of fewer people than the rule asks for have no value where answers are personal."""
    keys = list(dict.fromkeys([*by, *([recipe.y] if recipe.y else [])]))
    table, note = variables.prepared(view, recipe.dataset, keys, recipe.only)
    known = variables.variables(recipe.dataset)
    groups = {}
    for i, key in enumerate(by):
        column = table[f"v_{key}"]
        groups[f"k{i}"] = column.truncate({"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}[recipe.grain]) if known[key].kind == "moment" else column.cast("string")
    if recipe.y and recipe.aggregate not in ("count", "customers"):
        table = table.filter(table[f"v_{recipe.y}"].notnull())
    for key in by:
        if known[key].kind == "moment":
            table = table.filter(table[f"v_{key}"].notnull())
    found = table.group_by(**dict(groups.items())).aggregate(value=_value(recipe, table), n=table.count(), people=table["person"].nunique())
    rows = engine.rows(found.order_by(ibis.desc("n")).limit(5000), now=view.now)
    if recipe.dataset in scorecard.PERSONAL and recipe.aggregate not in ("count", "customers"):
        pairs = [(tuple((f"k{i}", r[f"k{i}"]) for i in range(len(by))), Estimate(r["value"], n=int(r["people"]))) for r in rows]
        for row, (_, estimate) in zip(rows, scorecard.suppressed(pairs, settings().minimum_group), strict=True):
            row["hidden"], row["value"] = estimate.value is None and row["value"] is not None, estimate.value
    return rows, note


def draw(view: View, recipe: Recipe, key: str, title: str = "", height: int = 300) -> None:
    """Draw the chart of a recipe for the page's period and filters."""
    missing = needs(recipe)
    if missing:
        quiet(missing)
        return
    {"bar": _bar, "line": _line, "heat_map": _heat, "scatter": _scatter, "box": _box, "histogram": _histogram}[recipe.kind](view, recipe, key, title, height)


def _unit(recipe: Recipe) -> str:
    return "" if not recipe.y or recipe.aggregate in ("count", "customers") else variables.variables(recipe.dataset)[recipe.y].unit


def _label(value: Any, grain: str) -> str:
    return "unknown" if value is None else words.period(value, grain) if hasattr(value, "year") else str(value)


def _bar(view: View, recipe: Recipe, key: str, title: str, height: int) -> None:
    rows, note = grouped(view, recipe, [recipe.x])
    moments = variables.variables(recipe.dataset)[recipe.x].kind == "moment"
    shown = [r for r in rows if r["value"] is not None]
    shown.sort(key=(lambda r: r["k0"]) if moments else (lambda r: -r["value"]))
    left, hidden = max(len(shown) - MOST["bar"], 0), sum(bool(r.get("hidden")) for r in rows)
    shown = shown[-MOST["bar"]:] if moments else shown[: MOST["bar"]]
    names, unit = [_label(r["k0"], recipe.grain) for r in shown], _unit(recipe)
    finding = title or (f"{name_of(recipe)}: {'latest' if moments else 'most'} {names[-1 if moments else 0]}, {words.value(shown[-1 if moments else 0]['value'], unit)}" if shown else name_of(recipe))
    notes = [note, f"{left} more groups not drawn" if left else "", f"{hidden} groups hidden: too few respondents" if hidden else ""]
    charts.bars(key, finding, names, [r["value"] for r in shown], alt=finding, unit=unit, texts=[f"{words.value(r['value'], unit)}" + ("" if recipe.aggregate == "count" else f" · n {r['n']:,}") for r in shown], note="; ".join(n for n in notes if n))


def _line(view: View, recipe: Recipe, key: str, title: str, height: int) -> None:
    if variables.variables(recipe.dataset)[recipe.x].kind != "moment":
        quiet("A line runs over time: choose a moment for it.")
        return
    rows, note = grouped(view, recipe, [recipe.x, *([recipe.split] if recipe.split else [])])
    sizes: dict[str, int] = {}
    for r in rows:
        sizes[str(r.get("k1") or "unknown")] = sizes.get(str(r.get("k1") or "unknown"), 0) + r["n"]
    kept = sorted(sizes, key=lambda k: -sizes[k])[: MOST["line"]]
    plain = AGGREGATES[recipe.aggregate]
    series: dict[str, list[tuple[Any, float | None]]] = {(k if recipe.split else plain): [] for k in kept}
    for r in sorted(rows, key=lambda r: r["k0"]):
        name = str(r.get("k1") or "unknown") if recipe.split else plain
        if name in series:
            series[name].append((r["k0"], r["value"]))
    note = "; ".join(n for n in (note, f"{len(sizes) - len(kept)} smaller groups not drawn" if len(sizes) > len(kept) else "") if n)
    charts.lines(key, title or name_of(recipe), series, alt=name_of(recipe), unit=_unit(recipe), grain=recipe.grain, note=note, height=height)


def _heat(view: View, recipe: Recipe, key: str, title: str, height: int) -> None:
    rows, note = grouped(view, recipe, [recipe.x, recipe.split])
    sizes: list[dict[str, int]] = [{}, {}]
    for r in rows:
        for i in (0, 1):
            label = _label(r[f"k{i}"], recipe.grain)
            sizes[i][label] = sizes[i].get(label, 0) + r["n"]
    tops = [sorted(s, key=lambda k: -s[k])[: MOST["heat_map"]] for s in sizes]
    found = {(_label(r["k0"], recipe.grain), _label(r["k1"], recipe.grain)): r for r in rows}
    empty: dict[str, Any] = {"value": None, "n": 0}
    cells = [charts.Cell(a, b, Estimate(found.get((a, b), empty)["value"], n=found.get((a, b), empty)["n"], unit=_unit(recipe)), bool(found.get((a, b), empty).get("hidden"))) for a in tops[0] for b in tops[1]]
    charts.heat(key, title or name_of(recipe), cells, alt=name_of(recipe), unit=_unit(recipe), counts=recipe.aggregate != "count", note=note)


def _scatter(view: View, recipe: Recipe, key: str, title: str, height: int) -> None:
    x, y = variables.variables(recipe.dataset)[recipe.x], variables.variables(recipe.dataset)[recipe.y]
    keys = [recipe.x, recipe.y, *([recipe.split] if recipe.split else [])]
    frame, _, note = variables.frame(view, recipe.dataset, keys, variables.SAMPLE if recipe.split else DOTS, recipe.only)
    whole = frame.dropna(subset=[recipe.x, recipe.y])
    if recipe.split:
        parts = whole.groupby(recipe.split)
        people = parts["person"].nunique()
        kept = [g for g in parts.size().sort_values(ascending=False).index[: MOST["scatter"]] if recipe.dataset not in scorecard.PERSONAL or people[g] >= settings().minimum_group]
        dots = [charts.Dot(str(g), float(parts.get_group(g)[recipe.x].mean()), float(parts.get_group(g)[recipe.y].mean()), float(len(parts.get_group(g)))) for g in kept]
        note = "; ".join(n for n in (note, f"means by {variables.title(recipe.dataset, recipe.split).lower()}, size by rows") if n)
    else:
        dots = [charts.Dot(f"row {int(i)}", float(a), float(b)) for i, a, b in zip(whole["id"], whole[recipe.x], whole[recipe.y], strict=True)]
    r = whole[recipe.x].astype(float).corr(whole[recipe.y].astype(float)) if len(whole) > 2 else None
    finding = title or (f"{name_of(recipe)}: correlation {r:.2f} (n {len(whole):,})" if r is not None and r == r else name_of(recipe))
    charts.scatter(key, finding, dots, alt=finding, x_title=x.title, y_title=y.title, x_unit=x.unit, y_unit=y.unit, note=note, height=height)


def _box(view: View, recipe: Recipe, key: str, title: str, height: int) -> None:
    frame, _, note = variables.frame(view, recipe.dataset, [recipe.x, recipe.y], only=recipe.only)
    whole = frame.dropna(subset=[recipe.y])
    parts = {str(g): p for g, p in whole.groupby(whole[recipe.x].fillna("unknown"))}
    kept = sorted((g for g in parts if recipe.dataset not in scorecard.PERSONAL or parts[g]["person"].nunique() >= settings().minimum_group), key=lambda g: -len(parts[g]))[: MOST["box"]]
    kept.sort(key=lambda g: -float(parts[g][recipe.y].median()))
    finding = title or (f"{name_of(recipe)}: highest at the median {kept[0]}" if kept else name_of(recipe))
    charts.boxes(key, finding, {g: parts[g][recipe.y].tolist() for g in kept}, alt=finding, unit=_unit_of(recipe, recipe.y), note=note)


def _histogram(view: View, recipe: Recipe, key: str, title: str, height: int) -> None:
    frame, total, note = variables.frame(view, recipe.dataset, [recipe.x], 100_000, recipe.only)
    values = frame[recipe.x].dropna().astype(float)
    finding = title or (f"{name_of(recipe)}, median {words.value(float(values.median()), _unit_of(recipe, recipe.x))}" if len(values) else name_of(recipe))
    charts.histogram(key, finding, values.to_numpy(), alt=finding, unit=_unit_of(recipe, recipe.x), note="; ".join(n for n in (f"n {len(values):,} of {total:,} rows", note) if n), height=height)


def _unit_of(recipe: Recipe, name: str) -> str:
    return variables.variables(recipe.dataset)[name].unit
