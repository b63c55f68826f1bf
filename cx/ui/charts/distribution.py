"""How values are spread: answers on a scale, a histogram, boxes by group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as vega
import numpy as np
import pyarrow as pa

from cx.ui import format as words
from cx.ui.charts.show import scaled, show
from cx.ui.charts.spec import bare, compiled, named, pick, readable, row_names, value_axis
from cx.ui.palette import Palette, palette


@compiled
def _scale(colours: Palette, clicks: bool) -> vega.LayerChart:
    x = vega.X("answer:N", sort=None, axis=vega.Axis(title=None, labelAngle=0, labelOverlap=False, labelColor=colours.text, labelFontSize=12))
    base = vega.Chart(named())
    y = vega.Y("count:Q", axis=None, scale=vega.Scale(zero=True))
    tone = vega.Color("tone:N", legend=None, scale=vega.Scale(domain=["bad", "neutral", "good", "data"], range=[colours.bad, colours.context, colours.good, colours.data]))
    bars = base.mark_bar(width={"band": 0.8}).encode(x=x, y=y, color=tone, tooltip=[vega.Tooltip("answer:N"), vega.Tooltip("group:N", title="group"), vega.Tooltip("count:Q", format=","), vega.Tooltip("share:N", title="share")])
    if clicks:
        chosen = pick("answer")
        bars = bars.encode(opacity=vega.condition(chosen, vega.value(1), vega.value(0.4))).add_params(chosen)
    text = base.mark_text(baseline="bottom", dy=-3, color=colours.text, fontSize=11).encode(x=x, y=y, text="share:N")
    return vega.layer(bars, text).properties(padding={"left": 2, "right": 6, "top": 14, "bottom": 2})


def scale(
    key: str, title: str, counts: Mapping[int, int], *, alt: str, groups: Mapping[str, Sequence[int]], tones: Mapping[str, str],
    clicks: bool = False, note: str = "", height: int = 200,
) -> int | None:  # fmt: skip
    """Answers on a scale, a bar each, coloured by the group they count to; the note names the groups with their shares.

    `groups` name to answers, `tones` name to bad | neutral | good | data. Returns the clicked answer where `clicks`.
    """
    total = sum(counts.values())
    group_of = {answer: name for name, answers in groups.items() for answer in answers}
    rows: list[dict[str, Any]] = [
        {"answer": str(answer), "count": float(counts.get(answer, 0)), "share": f"{100 * counts.get(answer, 0) / total:.0f} %" if total else "", "group": name, "tone": tones.get(name, "data")}
        for answer, name in sorted(group_of.items())
    ]  # fmt: skip
    shares = [f"{name} {100 * sum(counts.get(a, 0) for a in answers) / total:.0f} %" for name, answers in groups.items()] if total else []
    said = note or " · ".join([*shares, words.count(total)])
    behind = [{"answer": int(r["answer"]), "group": r["group"], "count": int(r["count"])} for r in rows]
    picked = show(key, title, _scale(palette().mode, clicks=clicks), {"main": pa.Table.from_pylist(rows)} if total else {}, alt=alt, behind=behind, note=said, height=height, pick=("answer",) if clicks else ())
    return None if picked is None else int(picked["answer"])


def nps_scale(key: str, title: str, counts: Mapping[int, int], *, alt: str, clicks: bool = False, height: int = 200) -> int | None:
    """The eleven answers of the recommend question: detractors, passives, promoters."""
    groups = {"Detractors": range(0, 7), "Passives": range(7, 9), "Promoters": range(9, 11)}
    return scale(key, title, counts, alt=alt, groups=groups, tones={"Detractors": "bad", "Passives": "neutral", "Promoters": "good"}, clicks=clicks, height=height)


@compiled
def _histogram(colours: Palette, unit: str, limits: bool) -> vega.LayerChart:
    base = vega.Chart(named())
    axis, domain = value_axis(unit, grid=False, title=bare(unit)), vega.Scale(zero=False, nice=False)
    bars = base.mark_bar(binSpacing=1).encode(
        x=vega.X("start:Q", axis=axis, scale=domain, bin="binned"), x2="end:Q", y=vega.Y("count:Q", axis=vega.Axis(title=None, tickCount=4)),
        color=vega.condition("datum.outside", vega.value(colours.bad), vega.value(colours.data)),
        tooltip=[vega.Tooltip("range:N", title="from – to"), vega.Tooltip("count:Q", format=",")],
    )  # fmt: skip
    layers: list[vega.Chart] = [bars]
    if limits:
        lines = vega.Chart(named("limits"))
        layers.append(lines.mark_rule(color=colours.target, strokeDash=[5, 4]).encode(x=vega.X("value:Q", axis=axis, scale=domain)))
        layers.append(lines.mark_text(color=colours.text, baseline="bottom", dy=-3).encode(x="value:Q", y=vega.value(0), text="name:N"))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 16, "bottom": 2})


def histogram(
    key: str, title: str, values: Sequence[float] | np.ndarray, *, alt: str, unit: str = "", limits: Mapping[str, float] | None = None,
    bins: int = 0, note: str = "", height: int = 220,
) -> None:  # fmt: skip
    """The spread of a number, binned here and not in the browser; named `limits` (LSL, USL, target, median) as dashed lines.

    Bins beyond a limit called LSL or USL are vermilion. Width after Freedman and Diaconis unless `bins` says, 60 at most.
    """
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    named_limits = dict(limits or {})
    tables: dict[str, pa.Table] = {}
    behind: list[dict[str, object]] = []
    shown, factor = readable(unit, numbers.tolist() if unit in words.TIMES else ())
    if numbers.size:
        edges = np.histogram_bin_edges(numbers, bins or "fd")
        if len(edges) > 61:
            edges = np.histogram_bin_edges(numbers, 60)
        counted, edges = np.histogram(numbers, edges)
        under, over = named_limits.get("LSL", -math.inf), named_limits.get("USL", math.inf)
        tables["main"] = pa.Table.from_pylist([
            {"start": float(a) * factor, "end": float(b) * factor, "count": int(c), "outside": bool((a + b) / 2 < under or (a + b) / 2 > over), "range": f"{words.value(float(a), unit)} – {words.value(float(b), unit)}"}
            for a, b, c in zip(edges, edges[1:], counted, strict=False)
        ])  # fmt: skip
        behind = [{"from": float(a), "to": float(b), "count": int(c)} for a, b, c in zip(edges, edges[1:], counted, strict=False)]
    if named_limits:
        tables["limits"] = pa.table({"value": [v * factor for v in named_limits.values()], "name": list(named_limits)})
    show(key, title, _histogram(palette().mode, unit=shown, limits=bool(named_limits)), tables, alt=alt, behind=behind, unit=unit, note=note or words.count(numbers.size), height=height)


@compiled
def _boxes(colours: Palette, unit: str) -> vega.LayerChart:
    base = vega.Chart(named())
    y = vega.Y("name:N", sort=None, axis=row_names(colours))
    tip = [vega.Tooltip("name:N", title="group"), vega.Tooltip("text:N", title="median (quartiles)"), vega.Tooltip("n:Q", format=",")]
    x = vega.X("low:Q", axis=value_axis(unit), scale=vega.Scale(zero=False, nice=True))
    whisker = base.mark_rule(color=colours.context).encode(y=y, x=x, x2="high:Q", tooltip=tip)
    box = base.mark_bar(color=colours.data, opacity=0.35, height={"band": 0.5}).encode(y=y, x="q1:Q", x2="q3:Q", tooltip=tip)
    middle = base.mark_tick(color=colours.data, thickness=3, size=18).encode(y=y, x="median:Q", tooltip=tip)
    strip = vega.Chart(named("points")).mark_circle(color=colours.data, size=14, opacity=0.45).encode(y=y, x="value:Q", yOffset=vega.YOffset("spread:Q", scale=vega.Scale(domain=[0, 1])))
    label = base.mark_text(align="left", dx=6, color=colours.quiet).encode(y=y, x="high:Q", text="label:N")
    return vega.layer(whisker, box, strip, middle, label).properties(padding={"left": 2, "right": 6, "top": 2, "bottom": 2})


def boxes(key: str, title: str, groups: Mapping[str, Sequence[float]], *, alt: str, unit: str = "", note: str = "", strip: int = 60) -> None:
    """The spread of a number by group: box of the middle half, median, whiskers from the 5th to the 95th percentile.

    Up to `strip` values of each group, evenly through its order, stand as dots.
    """
    rows: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    for name, values in groups.items():
        numbers = np.sort(np.asarray([v for v in values if v is not None and math.isfinite(v)], dtype=float))
        if not numbers.size:
            continue
        low, q1, median, q3, high = (float(q) for q in np.percentile(numbers, (5, 25, 50, 75, 95)))
        rows.append({"name": str(name), "low": low, "q1": q1, "median": median, "q3": q3, "high": high, "n": int(numbers.size),
                     "text": f"{words.value(median, unit)} ({words.interval(q1, q3, unit)})", "label": f"{words.value(median, unit)} · n {numbers.size:,}"})  # fmt: skip
        chosen = numbers[np.unique(np.linspace(0, numbers.size - 1, min(strip, numbers.size)).astype(int))]
        inside = chosen[(chosen >= low) & (chosen <= high)]
        # a fixed irrational step spreads neighbours without chance, so that a rerun draws the same picture
        dots += [{"name": str(name), "value": float(v), "spread": 0.82 + 0.16 * ((i * 0.618034) % 1)} for i, v in enumerate(inside)]
    shown, factor = readable(unit, [row["high"] for row in rows])
    ends = ("low", "q1", "median", "q3", "high")
    tables = {"main": scaled(pa.Table.from_pylist(rows), factor, ends), "points": scaled(pa.Table.from_pylist(dots), factor)} if rows else {}
    behind = [{name: row[name] for name in ("name", "n", "low", "q1", "median", "q3", "high")} for row in rows]
    show(key, title, _boxes(palette().mode, unit=shown), tables, alt=alt, behind=behind, unit=unit, note=note or "box: middle half with median · line: 5th to 95th percentile", height=44 * max(len(rows), 1) + 30)
