"""Themes and spikes are found where they were put."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from cx.analytics.measure import Scope
from cx.analytics.spikes import spikes
from cx.analytics.themes import stop_words, themes
from cx.errors import MeasureError

TOPICS = {
    "delivery": ["The delivery was late", "late delivery by the courier", "the courier brought the parcel late", "parcel delivery was delayed by the courier", "my parcel and its courier never came"],
    "billing": ["The invoice was wrong", "wrong amount on the invoice", "invoice charged twice", "charged the wrong amount on my card", "my card was charged twice, invoice missing"],
    "app": ["The app crashes at login", "login fails in the app", "app login password reset fails", "password reset does not arrive in the app", "the app crashes after the password"],
}  # fmt: skip
COMMENTS = [f"{text} {suffix}" for texts in TOPICS.values() for text in texts for suffix in ("again", "today", "really", "please")]
OWNER = [topic for topic, texts in TOPICS.items() for _ in texts for _ in range(4)]


def test_themes_are_those_the_comments_were_written_about() -> None:
    found = themes(COMMENTS, count=3)
    assert len(found.table) == 3
    cross = pd.crosstab(pd.Series(OWNER), found.assigned)
    assert cross.max(axis=1).sum() / len(COMMENTS) > 0.85
    assert found.table["n"].sum() == found.assigned.notna().sum()
    assert all(len(shown) == 3 for shown in found.table["examples"])
    assert all(example in COMMENTS for shown in found.table["examples"] for example in shown)


def test_labels_do_not_depend_on_the_order_of_the_comments() -> None:
    shuffled = list(np.random.default_rng(3).permutation(np.array(COMMENTS, dtype=object)))
    one, two = themes(COMMENTS, count=3), themes(shuffled, count=3)
    assert one.table["label"].tolist() == two.table["label"].tolist()
    assert one.table["n"].tolist() == two.table["n"].tolist()
    assert themes(COMMENTS, count=3).assigned.equals(one.assigned)


def test_stop_words_of_every_language_are_left_out() -> None:
    assert {"the", "und", "nous", "para"} <= stop_words()
    assert stop_words(("xx",)) == frozenset()
    german = [
        "Die Lieferung kam zu spät",
        "Der Paketbote brachte die Lieferung spät",
        "Die Rechnung war falsch",
        "Falsche Rechnung und falscher Betrag",
    ] * 10
    found = themes([f"{t} {i}" for i, t in enumerate(german)], count=2)
    assert not {"die", "der", "und", "war"} & {w for words in found.table["words"] for w in words}


@pytest.mark.parametrize("comments", [[], [None, ""] * 40, ["only one"], ["und der die das"] * 50, [str(i) for i in range(60)]])
def test_too_few_or_wordless_comments_have_no_themes_and_a_reason(comments: list[str | None]) -> None:
    found = themes(comments)
    assert found.table.empty
    assert found.sentence.startswith("No themes")
    assert len(found.assigned) == len(comments)


def test_empty_comments_are_counted_apart() -> None:
    found = themes([*COMMENTS, None, "  "], count=3)
    assert (found.n, found.empty) == (60, 2)
    assert found.assigned.iloc[-1] is None
    with pytest.raises(MeasureError, match="found one text"):
        themes("one text")
    with pytest.raises(MeasureError, match="one theme"):
        themes(COMMENTS, count=0)


def events(counts: list[int], start: datetime = datetime(2025, 1, 1)) -> pd.DataFrame:
    moments = [start + timedelta(days=day, minutes=i) for day, n in enumerate(counts) for i in range(n)]
    return pd.DataFrame({"posted_at": pd.Series(moments, dtype="datetime64[us]")})


def test_a_day_far_above_the_usual_is_a_spike() -> None:
    counts = np.random.default_rng(1).poisson(10, 90).tolist()
    counts[60] = 45
    found = spikes(events(counts), "posted_at")
    assert found.loc[found["spike"], "period"].tolist() == [pd.Timestamp("2025-03-02")]
    assert found["n"].sum() == sum(counts)
    assert found.loc[60, "ratio"] == pytest.approx(4.5, rel=0.25)
    assert found["expected"].isna().sum() == 7


def test_weekends_are_no_drops_and_mondays_no_spikes() -> None:
    rng = np.random.default_rng(2)
    counts = [int(rng.poisson(40 if (day + 2) % 7 < 5 else 4)) for day in range(120)]  # 1 January 2025 is a Wednesday
    found = spikes(events(counts), "posted_at")
    assert found["spike"].sum() <= 1
    assert found["drop"].sum() <= 1


def test_steady_noise_rarely_raises_an_alarm() -> None:
    alarms = sum(int(spikes(events(np.random.default_rng(seed).poisson(6, 120).tolist()), "posted_at")["spike"].sum()) for seed in range(8))
    assert alarms <= 1


def test_each_series_is_judged_by_itself_and_silence_counts() -> None:
    quiet, loud = events([1, 0] * 30).assign(source="A"), events([20] * 55 + [20, 20, 60, 20, 20]).assign(source="B")
    found = spikes(pd.concat([quiet, loud]), "posted_at", "source")
    assert found.groupby("source")["n"].size().tolist() == [60, 60]
    assert found.loc[found["spike"], ["source", "period"]].values.tolist() == [["B", pd.Timestamp("2025-02-27")]]
    only = spikes(events([5] * 30), "posted_at", scope=Scope(start=datetime(2025, 1, 10), end=datetime(2025, 1, 20)))
    assert len(only) == 10


def test_weeks_months_and_empty_tables_work() -> None:
    assert len(spikes(events([3] * 70), "posted_at", grain="week")) == 11
    assert len(spikes(events([3] * 70), "posted_at", grain="month")) == 3
    assert spikes(events([]), "posted_at").empty
    assert not spikes(events([5]), "posted_at")["spike"].any()
    with pytest.raises(MeasureError, match="grains"):
        spikes(events([5]), "posted_at", grain="hour")
    with pytest.raises(MeasureError, match="must hold moments"):
        spikes({"posted_at": [1, 2]}, "posted_at")
