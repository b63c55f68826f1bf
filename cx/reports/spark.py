"""A trend in the height of a line of text, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 96.0, 20.0, 3.0
INK, MARK = "#1F4E79", "#59636D"


def spark(values: Sequence[float | None], target: float | None = None) -> str:
    """The values from left to right, gaps left open, the last one marked, the target dashed where it lies in reach; empty below two values."""
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    reach = high - low or 1.0
    aim = target is not None and low - reach <= target <= high + reach
    if aim and target is not None:
        low, high = min(low, target), max(high, target)
    span = high - low or 1.0

    def y(v: float) -> float:
        return EDGE + (HEIGHT - 2 * EDGE) * (high - v) / span

    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    parts: list[str] = []
    stretch: list[str] = []
    for i, v in [*enumerate(values), (len(values), None)]:
        if v is None:
            if len(stretch) > 1:
                parts.append(f'<polyline points="{" ".join(stretch)}" fill="none" stroke="{INK}" stroke-width="1.4"/>')
            stretch = []
        else:
            stretch.append(f"{EDGE + i * step:.1f},{y(v):.1f}")
    if aim and target is not None:
        parts.append(f'<line x1="0" x2="{WIDTH:g}" y1="{y(target):.1f}" y2="{y(target):.1f}" stroke="{MARK}" stroke-width="0.7" stroke-dasharray="3 2"/>')
    last = max(i for i, v in enumerate(values) if v is not None)
    parts.append(f'<circle cx="{EDGE + last * step:.1f}" cy="{y(values[last] or 0.0):.1f}" r="2" fill="{INK}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{HEIGHT:g}" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{"".join(parts)}</svg>'
