"""What is said of us in public and whether we answer."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from cx.analytics.business_hours import business_hours
from cx.analytics.measure import Scope
from cx.analytics.mentions import mention_negative, mention_rating, mention_reply_time, mention_response, mention_sentiment, mention_volume

MENTIONS = pd.DataFrame(
    {
        "source": ["X", "X", "Y", "Y"],
        "posted_at": pd.to_datetime(["2026-03-02 16:00", "2026-03-02 10:00", "2026-03-03 10:00", "2026-04-01 10:00"]),
        "replied_at": pd.to_datetime(["2026-03-03 10:00", "2026-03-02 12:00", None, "2026-04-09 00:00"]),
        "rating": [5, 1, 8, 9],
        "rating_max": [5, 5, 10, None],
        "sentiment": [0.8, -0.6, 0.0, None],
    }
)


def test_replies_are_counted_as_they_were_known() -> None:
    assert mention_response(MENTIONS).value == 75
    assert mention_response(MENTIONS, scope=Scope(as_of=datetime(2026, 4, 5))).value == 50
    assert mention_response(MENTIONS, ("source", "month"))["value"].tolist() == [100, 0, 100]


def test_reply_time_is_a_median_in_calendar_or_business_time() -> None:
    e = mention_reply_time(MENTIONS.head(3))
    assert (e.value, e.n) == (10, 2)
    assert "1 mentions without a reply" in e.warning
    hours = business_hours("mon-fri 09:00-17:00")
    assert mention_reply_time(MENTIONS.head(3), scope=Scope(options={"hours": hours})).value == 2


def test_ratings_are_scaled_to_five_stars() -> None:
    e = mention_rating(MENTIONS)
    assert (e.value, e.n) == ((5 + 1 + 4) / 3, 3)
    assert "1 ratings without a scale" in e.warning


def test_sentiment_and_its_dark_side() -> None:
    assert round(mention_sentiment(MENTIONS).value, 6) == round(0.2 / 3, 6)
    assert round(mention_negative(MENTIONS).value, 2) == 33.33


def test_silence_has_a_volume_and_nothing_else() -> None:
    none = MENTIONS.head(0)
    assert mention_volume(none).value == 0
    for measure in (mention_response, mention_reply_time, mention_rating, mention_sentiment, mention_negative):
        assert measure(none).value is None
        assert measure(none).warning
