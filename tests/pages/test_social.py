"""Social listening: volume, mood, spikes, themes, search; a mention is answered, and is evidence of a need."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest

from cx import scorecard
from cx.analytics.spikes import of_counts, spikes
from cx.demo import records_social
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.records.lookup import records
from cx.ui import format as words
from cx.ui.social import facts
from tests.pages.few import again, beside, frame, load, opened, said, two_customers
from tests.pages.kept import fill

FILE = "18_social.py"
DAY = datetime(2025, 3, 3, 9)


def mention(i: int, when: datetime, **more: object) -> dict[str, object]:
    return {"mention_id": str(i), "source": "X", "text": f"mention {i}", "posted_at": when, **more}


def test_the_page_says_how_it_feels_and_its_numbers_are_the_scorecards(demo):
    app, now = opened(FILE), revision()
    last = scorecard.latest(now)
    filters = Filters().between(last - timedelta(days=90), last)
    bad = scorecard.read("mention_negative", filters, now=now)[0].estimate
    text = said(app)
    assert f"{words.value(bad.value, '%')} of mentions are negative, up from".replace("\u00a0", " ") in text
    assert "worst about Delivery" in text
    n = scorecard.read("mention_volume", filters, now=now)[0].estimate.value
    assert f"Mentions {n:,.0f}" in text
    weekly = facts.spikes(now, filters, "week", False)
    assert weekly["n"].tolist() == [int(r.estimate.value) for r in scorecard.read("mention_volume", filters, ("week",), now=now)]
    again(app, voice="Where", voiceof="mention_rating", voicesplit="touchpoint")
    assert "Delivery stands behind: Public rating" in said(app)
    assert "of reviews on" in said(app)
    again(app, voice="Themes")
    assert "Most negative: “" in said(app)
    assert "courier" in said(app)


def test_a_mention_is_found_answered_and_closed(demo):
    app = opened(FILE, voice="Mentions")
    app.text_input(key="social-mentions-search").set_value("courier").run()
    count = int(said(app).split(" mentions, page")[0].split("[")[-1].replace(",", ""))
    assert 0 < count < 576
    assert all("courier" in element.value.lower() for element in app.text[:8])
    again(app, **{"social-mentions-0-reply": True})
    words_said = app.text[0].value
    form = "FormSubmitter:social-mentions-0-take-Assign"
    app.button(key=form).click().run()
    case = records("follow_up", source="mention")[0]
    assert (case.comment, case.status) == (words_said, "open")
    again(app, voice="Replies", **{"social-replies-open": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    app.button(key=f"FormSubmitter:social-case-{case.id}-Answered").click().run()
    assert "write what was said" in beside(app, "Our answer")
    app.text_area[0].set_value("We are sorry; a new parcel is on its way.")
    app.button(key=f"FormSubmitter:social-case-{case.id}-Answered").click().run()
    answered = records("follow_up", source="mention")[0]
    assert (answered.status, answered.outcome) == ("contacted", "We are sorry; a new parcel is on its way.")
    assert answered.contacted_at is not None


def test_a_mention_becomes_evidence_of_a_need(demo):
    app = opened(FILE, voice="Mentions", **{"social-mentions-0-evidence": True})
    app.text_input(key="social-mentions-0-title").set_value("Know when my parcel comes").run()
    app.button(key="social-mentions-0-file").click().run()
    filed = records("need_evidence")[0]
    assert (filed.dataset, filed.quote) == ("mentions", app.text[0].value)


def test_an_empty_store_says_what_to_bring(store):
    assert "so there is no public voice to show" in said(opened(FILE))


def test_two_customers_with_two_mentions_are_enough(store):
    two_customers()
    load("mentions", mention(1, DAY, customer_id="left", sentiment=-0.8, rating=1.0, rating_max=5.0), mention(2, DAY + timedelta(days=1), customer_id="stays", sentiment=0.9))
    app = opened(FILE, period="all")
    for part, expected in (("Over time", "2 mentions"), ("Where", "of reviews on X give one or two stars"), ("Themes", "too few"), ("Mentions", "2 mentions"), ("Replies", "Nobody has been asked")):
        again(app, voice=part)
        assert "50 % of mentions are negative" in said(app)
        assert expected in said(app), part


def test_a_day_on_which_far_more_is_said_stands_out_with_what_it_was_about(store):
    usual = [mention(i, DAY + timedelta(days=i // 2), touchpoint="Price") for i in range(80)]
    burst = [mention(100 + i, DAY + timedelta(days=30, hours=i % 8), touchpoint="Delivery", sentiment=-0.5) for i in range(25)]
    load("mentions", *usual, *burst)
    app = opened(FILE, period="all", voiceby="day")
    assert "2 Apr 2025: 27 mentions where 2 are usual, 25 of 27 negative, 25 about Delivery" in said(app)
    assert "1 day stands out" in said(app)
    assert frame(app, "When", "Usual")[["Of", "Mentions"]].values.tolist() == [["all", 27]]


def test_the_demo_companys_answers_refer_to_its_mentions(demo):
    wanted = {row["reference"]: row["comment"] for row in records_social.RECORDS["follow_up"]}
    table = engine.tables()["mentions"]
    assert {row["key"]: row["text"] for row in engine.rows(table.filter(table["key"].isin(list(wanted))).select("key", "text"))} == wanted
    fill("social")
    app = opened(FILE, voice="Replies")
    assert "3 replies open, 1 of them overdue" in said(app)


def test_words_of_a_stranger_stay_words(store):
    load("mentions", mention(1, DAY, text="![x](http://evil/p.png) <script>1</script>", author="**bold**", sentiment=0.1, touchpoint="[a](http://evil)"))
    app = opened(FILE, period="all", voice="Mentions")
    assert app.text[0].value == "![x](http://evil/p.png) <script>1</script>"
    assert not any("![x](" in element.value or "**bold**" in element.value or "[a](http" in element.value for element in app.markdown)


def test_counts_give_the_same_spikes_as_rows():
    days = [DAY + timedelta(days=i // 3) for i in range(120)] + [DAY + timedelta(days=35)] * 20
    rows = spikes(pd.DataFrame({"posted_at": days}), "posted_at")
    counted = pd.DataFrame({"period": pd.to_datetime(days).normalize()}).value_counts().rename("n").reset_index()
    pd.testing.assert_frame_equal(rows, of_counts(counted))
    assert rows["spike"].sum() == 1
    assert of_counts(counted.head(0)).empty
    assert rows["expected"].iloc[-1] == pytest.approx(3, abs=0.5)
