"""What all charts share: axes by unit, quiet defaults, and the compiling of a kind into a template.

A kind is written once in Altair as a function of palette and a few structural options (never of data) and compiled to
a Vega-Lite dictionary that is kept. Data goes beside it as named Arrow tables, so that a rerun builds nothing.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import altair as alt

from cx.ui import format as words
from cx.ui.palette import DARK, LIGHT, Mode, Palette

Spec: TypeAlias = dict[str, Any]
PICK = "pick"  # the name of the selection in every chart that can be clicked


def compiled(build: Callable[..., alt.TopLevelMixin]) -> Callable[..., Spec]:
    """Turn `build(palette, **options)` into `template(mode, **options)`, compiled once per theme and set of options."""

    @functools.lru_cache(maxsize=128)
    def kept(mode: Mode, options: tuple[tuple[str, Any], ...]) -> str:
        colours = DARK if mode == "dark" else LIGHT
        with alt.data_transformers.disable_max_rows():
            spec = build(colours, **dict(options)).to_dict(validate=False)
        spec.pop("$schema", None)
        spec["config"] = config(colours)
        return json.dumps(spec)

    @functools.lru_cache(maxsize=128)
    def parsed(mode: Mode, options: tuple[tuple[str, Any], ...]) -> Spec:
        made: Spec = json.loads(kept(mode, options))
        return made

    @functools.wraps(build)
    def template(mode: Mode, **options: Any) -> Spec:
        return dict(parsed(mode, tuple(sorted(options.items()))))

    return template


def config(colours: Palette) -> Mapping[str, Any]:
    """Vega-Lite defaults: no frame, hairline grid, quiet labels, and no mark or text left at its black default."""
    return {
        "background": None,
        "mark": {"aria": False},  # the chart has one description in words; single marks would be read out as raw numbers
        "view": {"stroke": None},
        "axis": {
            "labelColor": colours.quiet, "titleColor": colours.quiet, "gridColor": colours.grid, "domain": False, "ticks": False,
            "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 6, "titlePadding": 8,
            "domainColor": colours.faint, "tickColor": colours.faint, "labelLimit": 150,
        },
        "legend": {
            "labelColor": colours.text, "titleColor": colours.quiet, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
            "orient": "top", "direction": "horizontal", "symbolType": "square", "labelLimit": 180, "title": None, "offset": 4, "padding": 0,
        },
        "header": {"labelColor": colours.text, "titleColor": colours.quiet, "labelFontSize": 12, "labelFontWeight": "bold", "title": None},
        "text": {"color": colours.text, "fontSize": 12},
        "rule": {"color": colours.context}, "tick": {"color": colours.context},
        "line": {"color": colours.data, "strokeWidth": 2}, "point": {"color": colours.data, "filled": True},
        "bar": {"color": colours.data}, "area": {"color": colours.data}, "rect": {"color": colours.data},
        "circle": {"color": colours.data}, "range": {"category": list(colours.series)},
    }  # fmt: skip


def named(name: str = "main") -> alt.NamedData:
    """A reference to one of the tables that are sent beside the template."""
    return alt.NamedData(name=name)


def haloed(colours: Palette, base: alt.Chart, *, colour: str, **mark: Any) -> alt.LayerChart:
    """Text that breaks the line it stands on instead of meeting it: the same letters in the colour of the ground, broader, below them."""
    return alt.layer(base.mark_text(color=colours.ground, stroke=colours.ground, strokeWidth=4, strokeJoin="round", **mark), base.mark_text(color=colour, **mark))


def labels(unit: str) -> str:
    """A Vega expression that writes an axis value in its unit."""
    if unit in words.SHARES:
        return "format(datum.value, ',~f') + ' %'"
    if words.is_money(unit):
        size = words.minor(unit)
        symbol = words.SYMBOLS.get(unit, unit + " ")
        return f"(datum.value < 0 ? '-' : '') + '{symbol}' + replace(format(abs(datum.value) / {size}, '.3~s'), 'G', 'bn')"
    if words.is_time(unit):
        return f"format(datum.value, ',~f') + ' {unit}'"
    return "abs(datum.value) >= 100000 ? format(datum.value, '.3~s') : replace(format(datum.value, ',~f'), '−', '-')"


LONG = 26  # letters of a row's name that stand on one line


def row_names(colours: Palette, **more: Any) -> alt.Axis:
    """The axis of the names of rows, none of them cut: a long one stands on two lines, parted at the blank nearest its middle."""
    at = "(length({l}) / 2 - {i} <= {j} - length({l}) / 2 && {i} > 0 || {j} < 0 ? {i} : {j})".format(
        l="datum.label", i="lastindexof(slice(datum.label, 0, ceil(length(datum.label) / 2)), ' ')",
        j="(indexof(slice(datum.label, ceil(length(datum.label) / 2)), ' ') < 0 ? -1 : ceil(length(datum.label) / 2) + indexof(slice(datum.label, ceil(length(datum.label) / 2)), ' '))",
    )  # fmt: skip
    long = f"length(datum.label) > {LONG} && indexof(datum.label, ' ') > 0"
    baseline: Any = {"condition": {"test": long, "value": "line-bottom"}, "value": "middle"}  # half a line up, so that both stand about the middle
    return alt.Axis(
        title=None, labelOverlap=False, labelFlush=False, labelColor=colours.text, labelLimit=190, labelLineHeight=13, labelBaseline=baseline,
        labelExpr=f"{long} ? [slice(datum.label, 0, {at}), slice(datum.label, {at} + 1)] : datum.label", **more,
    )  # fmt: skip


def bare(unit: str) -> str | None:
    """The unit that an axis' own labels do not carry, to stand below it: grams, and not percent, money or hours."""
    return None if not unit or unit in words.SHARES or words.is_money(unit) or words.is_time(unit) else unit


def row_height(names: Iterable[str], least: int = 28) -> int:
    """Pixels that each of these rows takes: a little more where one of them stands on two lines."""
    return max(least, 32) if any(len(name) > LONG for name in names) else least


def value_axis(unit: str, *, title: str | None = None, grid: bool = True, ticks: int = 5, **more: Any) -> alt.Axis:
    """The axis of a value in its unit."""
    return alt.Axis(title=title, labelExpr=labels(unit), grid=grid, tickCount=ticks, **more)


def readable(unit: str, values: Iterable[float | None]) -> tuple[str, float]:
    """The unit in which an axis of these values has round ticks, and the factor to it: 130 to 400 minutes become hours."""
    if unit not in words.TIMES:
        return unit, 1.0
    seconds = max((abs(v) for v in values if v is not None), default=0.0) * words.TIMES[unit]
    shown = "d" if seconds >= 3 * 86400 else "h" if seconds >= 3 * 3600 else "min" if seconds >= 180 else "s"
    return shown, words.TIMES[unit] / words.TIMES[shown]


def time_axis(ticks: int = 8, **more: Any) -> alt.Axis:
    """The axis of time, in UTC. Labels are short: Aug, with the year at each January and at days the day."""
    expression = (
        "utcFormat(datum.value, '%H%M') != '0000' ? utcFormat(datum.value, '%H:%M') : utcFormat(datum.value, '%d') != '01' ? utcFormat(datum.value, '%-d %b') : "
        "utcFormat(datum.value, '%m') == '01' ? utcFormat(datum.value, '%Y') : utcFormat(datum.value, '%b')"
    )
    return alt.Axis(title=None, labelExpr=expression, grid=False, tickCount=ticks, labelOverlap="greedy", labelFlush=True, **more)


def quarter_axis(colours: Palette) -> alt.Axis:
    """The axis of time by calendar quarters, in UTC: a line at the beginning of each, named Q2 2026."""
    quarters: Any = {"interval": "month", "step": 3}
    return alt.Axis(title=None, labelExpr="'Q' + utcquarter(datum.value) + ' ' + utcyear(datum.value)", grid=True, gridColor=colours.grid, tickCount=quarters, labelOverlap="greedy", labelAlign="left", labelOffset=3)


def time(field: str = "x", ticks: int = 8, **more: Any) -> alt.X:
    """The x channel of time: milliseconds since 1970 in UTC."""
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc"), axis=time_axis(ticks), **more)


def pick(*fields: str) -> alt.Parameter:
    """Clicking a mark picks its group."""
    return alt.selection_point(name=PICK, fields=list(fields), toggle=False, clear="dblclick")
