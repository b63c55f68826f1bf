"""Two groupings at once: a heat map that prints its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as vega
import pyarrow as pa

from cx.analytics.estimate import Estimate
from cx.ui import format as words
from cx.ui.charts.show import show
from cx.ui.charts.spec import compiled, named, pick, row_names
from cx.ui.palette import Palette, ink, palette


@dataclass(frozen=True)
class Cell:
    """One crossing of a row and a column. `hidden` where too few answered to show it.

    `text` stands in place of the value in the map's unit; `shade` from 0 (bad) to 1 (good) colours the cell apart from
    the others, for maps whose columns have different units.
    """

    row: str
    column: str
    estimate: Estimate
    hidden: bool = False
    text: str = ""
    shade: float | None = None


@compiled
def _heat(colours: Palette, clicks: bool, counts: bool, deep: bool) -> vega.LayerChart:
    # a head of several words stands on two lines; Vega hangs the second one below the first, so all are lifted by one
    at = "(max({j}, length({l}) - {j}) < max({i}, length({l}) - {i}) ? {j} : {i})".format(l="datum.label", i="indexof(datum.label, ' ')", j="lastindexof(datum.label, ' ')")
    split = f"indexof(datum.label, ' ') < 0 ? ['', datum.label] : [slice(datum.label, 0, {at}), slice(datum.label, {at} + 1)]"
    heads = vega.Axis(
        orient="top", title=None, labelAngle=0, labelOverlap=False, labelFlush=False, labelColor=colours.text, labelLimit=vega.ExprRef("max(90, bandwidth('x') - 6)"), labelBaseline="bottom",
        labelPadding=20 if deep else 6, labelExpr=split if deep else "datum.label", labelLineHeight=14,
    )  # fmt: skip
    x = vega.X("column:N", sort=None, axis=heads)
    y = vega.Y("row:N", sort=None, axis=row_names(colours))
    base = vega.Chart(named())
    tip = [vega.Tooltip("row:N", title="row"), vega.Tooltip("column:N", title="column"), vega.Tooltip("label:N", title="value"), vega.Tooltip("range:N", title="95 % interval"), vega.Tooltip("n:Q", title="n", format=",")]
    cells = base.mark_rect(cornerRadius=2, stroke=colours.ground, strokeWidth=2).encode(x=x, y=y, color=vega.Color("fill:N", scale=None), tooltip=tip)
    if clicks:
        chosen = pick("row", "column")
        cells = cells.encode(opacity=vega.condition(chosen, vega.value(1), vega.value(0.4))).add_params(chosen)
    text = base.mark_text(baseline="middle", dy=-6 if counts else 0, fontWeight=600, fontSize=12).encode(x=x, y=y, text="label:N", color=vega.Color("ink:N", scale=None))
    layers = [cells, text]
    if counts:
        layers.append(base.mark_text(baseline="middle", dy=8, fontSize=10.5).encode(x=x, y=y, text="count:N", color=vega.Color("ink:N", scale=None)))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 2, "bottom": 2})


def heat(
    key: str, title: str, cells: Sequence[Cell], *, alt: str, unit: str = "", center: float | None = None, better: str = "higher",
    clicks: bool = False, counts: bool = True, note: str = "",
) -> tuple[str, str] | None:  # fmt: skip
    """A heat map with every value and n printed; rows and columns in the order of their first cell.

    Without `center` cells go from pale to blue by size. With it (a target, the average) they go through a neutral
    middle to good and bad, by `better`. Returns (row, column) of the clicked cell where `clicks`.
    """
    colours = palette()
    seen = [c.estimate.value for c in cells if not c.hidden and c.estimate.value is not None]
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    reach = max(abs(low - center), abs(high - center)) if center is not None else 0.0
    digits = _digits(seen) if not unit else None
    rows = []
    for cell in cells:
        e = cell.estimate
        value = None if cell.hidden else e.value
        fill = colours.raised
        if value is not None:
            if cell.shade is not None:
                fill = colours.raised if cell.shade == 0.5 else _step(colours.diverging, cell.shade)
            elif center is None:
                fill = _step(colours.sequential[:6], (value - low) / (high - low) if high > low else 0.5)
            else:
                side = (value - center) / reach if reach else 0.0
                fill = _step(colours.diverging, 0.5 + (side if better == "higher" else -side) / 2)
        rows.append({
            "row": cell.row, "column": cell.column, "value": value, "low": None if value is None else e.low, "high": None if value is None else e.high, "n": float(e.n),
            "label": cell.text or words.value(value, unit, digits) if value is not None else "hidden" if cell.hidden else cell.text or words.MISSING,
            "count": "n < 5" if cell.hidden else "" if value is None and cell.text else f"n {e.n:,}", "range": words.interval(e.low, e.high, unit) if value is not None else "",
            "fill": fill, "ink": ink(fill, colours) if value is not None else colours.quiet,
        })  # fmt: skip
    behind = [{name: row[name] for name in ("row", "column", "value", "low", "high", "n")} for row in rows]
    height = (40 if counts else 30) * max(len({cell.row for cell in cells}), 1) + 40
    picked = show(key, title, _heat(colours.mode, clicks=clicks, counts=counts, deep=any(" " in cell.column for cell in cells)), {"main": pa.Table.from_pylist(rows, schema=_HEAT)},
                  alt=alt, behind=behind, unit=unit, note=note, height=height, pick=("row", "column") if clicks else (), least=_least(rows))  # fmt: skip
    return None if picked is None else (str(picked["row"]), str(picked["column"]))


def _digits(values: Sequence[float]) -> int | None:
    """Bare numbers of one map are written alike: without decimals where all are whole, else with one, or two where all are small."""
    if all(float(v).is_integer() for v in values):
        return None
    return 1 if max(map(abs, values)) >= 3 else 2


LETTER = 6.0  # pixels an average letter of a map takes


def _least(rows: Sequence[Mapping[str, Any]]) -> float:
    """The width at which every value fits its cell and no head touches the next: a head of several words stands on two lines."""
    names = {str(row["column"]) for row in rows}
    heads = [min(max(map(len, name.split(" ", 1))), max(map(len, name.rsplit(" ", 1)))) for name in names]
    widest = max([*heads, *(len(str(row["label"])) for row in rows)], default=0)
    aside = max((len(str(row["row"])) for row in rows), default=0)
    return min(LETTER * aside, 170) + 14 + len(names) * (LETTER * min(widest, 14) + 6)


def _step(colours: Sequence[str], share: float) -> str:
    return colours[min(int(max(share, 0.0) * len(colours)), len(colours) - 1)]


_HEAT = pa.schema([
    ("row", pa.string()), ("column", pa.string()), ("value", pa.float64()), ("low", pa.float64()), ("high", pa.float64()), ("n", pa.float64()),
    ("label", pa.string()), ("count", pa.string()), ("range", pa.string()), ("fill", pa.string()), ("ink", pa.string()),
])  # fmt: skip
