"""KPI cards: a value never without its change, trend, interval, n and target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from cx.analytics.estimate import Difference, Estimate
from cx.ui import format as words
from cx.ui import sparkline
from cx.ui.text import escape, quiet

HIDDEN = "hidden (n < 5)"
Tone = Literal["good", "bad", ""]


@dataclass(frozen=True)
class Card:
    """A measure as a leader reads it. `better` says which direction is good; `hidden` that too few answered.

    `page` with `query` links the title; otherwise `key` of a clicked card is returned by `wall`.
    """

    key: str
    title: str
    estimate: Estimate
    change: Difference | None = None
    target: float | None = None
    better: Literal["higher", "lower", ""] = "higher"
    spark: Sequence[float | None] = ()
    versus: str = "period before"
    help: str = ""
    hidden: bool = False
    spark_target: float | None = None
    page: Any = None
    query: Mapping[str, str] = field(default_factory=dict)


def tone(card: Card) -> Tone:
    """Whether the change is good or bad: nothing where it is not significant, zero, or no direction is better."""
    change = card.change
    if change is None or not change.significant or not change.value or not card.better:
        return ""
    return "good" if (change.value > 0) == (card.better == "higher") else "bad"


def missed(card: Card) -> bool | None:
    """Whether the target is missed; None where there is no target or no value."""
    if card.target is None or card.estimate.value is None or card.hidden or not card.better:
        return None
    return card.estimate.value < card.target if card.better == "higher" else card.estimate.value > card.target


def quiet_line(card: Card) -> str:
    """Interval, n and target in one line; or the reason why there is no value."""
    e = card.estimate
    if card.hidden:
        return "too few answers to show"
    if e.value is None:
        return e.warning or "no data in this period"
    parts = [words.interval(e.low, e.high, e.unit) if e.low != e.high else "", words.count(e.n) if e.n else ""]
    if card.target is not None:
        parts.append(f"target\u00a0{words.value(card.target, e.unit)}")
    return "\u00a0· ".join(part.replace(" to ", "\u00a0to\u00a0") for part in parts if part)


def spoken(card: Card) -> str:
    """The card in a sentence, for those who hear it."""
    if card.hidden:
        return f"{card.title}: {HIDDEN}"
    text = f"{card.title}: {words.estimate(card.estimate)}"
    if card.change is not None and card.change.value is not None:
        text += f", {words.change(card.change.value, card.estimate.unit)} against the {card.versus}, {'significant' if card.change.significant else 'not significant'}"
    return text + (f", target {words.value(card.target, card.estimate.unit)}" if card.target is not None else "")


def card(card: Card, key: str) -> bool:
    """Draw one card inside the current container. Returns whether its title was clicked."""
    clicked = _title(card, key)
    e = card.estimate
    if card.hidden or e.value is None:
        st.metric(card.title, "hidden" if card.hidden else words.MISSING, delta="n < 5" if card.hidden else "no value", delta_color="gray", delta_arrow="off", label_visibility="collapsed")
        st.space(sparkline.HEIGHT)
    else:
        change = card.change
        moved = change is not None and change.value is not None
        mood = tone(card)
        text = words.change(change.value, e.unit) if moved and change is not None else "no comparison"
        flat = not moved or not words.moves(text)
        st.metric(
            card.title, escape(words.value(e.value, e.unit)), delta=escape(text) + (" ✓" if change is not None and change.significant else ""),
            delta_color={"good": "green", "bad": "red"}.get(mood, "gray"),  # type: ignore[arg-type]
            delta_arrow="off" if flat else "up" if change is not None and (change.value or 0) > 0 else "down", label_visibility="collapsed",
        )  # fmt: skip
        sparkline.show(card.spark, alt=f"Trend of {card.title}", target=card.spark_target)
    quiet(quiet_line(card))
    return clicked


def _title(card: Card, key: str) -> bool:
    if card.page is not None:
        st.page_link(card.page, label=escape(card.title), help=card.help or None, query_params=dict(card.query))
        return False
    return st.button(escape(card.title), key=f"{key}-title", type="tertiary", help=card.help or None)


def wall(cards: Sequence[Card], key: str, *, columns: int = 0) -> str | None:
    """Cards in equal frames: one row of up to seven at full width, two abreast on a phone. Returns the key of the one clicked."""
    grid = st.grid(columns or max(1, min(len(cards), 7)), min_column_width=130, border=True, gap="xsmall", key=key)
    clicked = None
    for one in cards:
        with grid.cell(), st.container(gap=None):
            if card(one, f"{key}-{one.key}"):
                clicked = one.key
    return clicked
