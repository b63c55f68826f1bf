"""Each planted cause shows in simple statistics after its date, and does not show before or elsewhere."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import stats

from cx.analytics.nps import nps
from cx.demo import END
from cx.demo.cast import AGENT_NAMES, SLIPPING, TRAINED
from cx.demo.timeline import Timeline

T = Timeline(END)
Frames = dict[str, pd.DataFrame]


def day(seconds: int) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s")


@pytest.fixture(scope="session")
def frames(tables: dict[str, pa.Table]) -> Frames:
    return {name: table.to_pandas() for name, table in tables.items()}


def answers(frames: Frames, survey: str, metric: str) -> pd.DataFrame:
    table = frames["responses"]
    return table[(table.survey == survey) & (table.metric == metric)]


def score(table: pd.DataFrame) -> float:
    return float(nps(table.score).value)


def churned(frames: Frames, segment: str | None, begin: pd.Timestamp, finish: pd.Timestamp) -> tuple[int, float]:
    """Leavers and customer-months at risk of one stretch of time."""
    s = frames["subscriptions"]
    s = s if segment is None else s[s.segment == segment]
    following = s.sort_values(["subscription_id", "started_at"]).groupby("subscription_id").started_at.shift(-1)
    lost = s.ended_at.notna() & ~s.ended_at.eq(following) & s.ended_at.ge(begin) & s.ended_at.lt(finish)
    exposure = (s.ended_at.fillna(finish).clip(upper=finish) - s.started_at.clip(lower=begin)).dt.total_seconds().clip(lower=0).sum() / (30.4375 * 86_400)
    return int(lost.sum()), float(exposure)


def hazard(frames: Frames, segment: str | None, begin: pd.Timestamp, finish: pd.Timestamp) -> float:
    lost, exposure = churned(frames, segment, begin, finish)
    return lost / exposure


def test_mid_market_falls_about_twenty_points_after_the_change_of_courier_and_nobody_else_does(frames: Frames) -> None:
    relationship = answers(frames, "Relationship", "nps")
    after = relationship.answered_at >= day(T.courier)
    middle = relationship.segment == "Mid-market"
    drop = score(relationship[middle & ~after]) - score(relationship[middle & after])
    assert 14 < drop < 30
    assert abs(score(relationship[~middle & ~after]) - score(relationship[~middle & after])) < 8


def test_mid_market_was_no_worse_than_the_rest_before_the_change_of_courier(frames: Frames) -> None:
    relationship = answers(frames, "Relationship", "nps")
    before = relationship[relationship.answered_at < day(T.courier)]
    middle = before.segment == "Mid-market"
    assert abs(score(before[middle]) - score(before[~middle])) < 6
    halves = before.answered_at < day(T.start + (T.courier - T.start) // 2)
    assert abs(score(before[middle & halves]) - score(before[middle & ~halves])) < 10


def test_deliveries_to_mid_market_are_late_and_rated_worse(frames: Frames) -> None:
    orders = frames["orders"].drop_duplicates("order_id")
    orders = orders[orders.delivered_at.notna()]
    late = orders.delivered_at > orders.promised_at
    after, middle = orders.ordered_at >= day(T.courier), orders.segment == "Mid-market"
    assert late[middle & after].mean() > 0.5
    assert late[~middle & after].mean() < 0.14
    assert late[~after].mean() < 0.10
    csat = answers(frames, "After delivery", "csat")
    good, after, middle = csat.score >= 4, csat.invited_at >= day(T.courier), csat.segment == "Mid-market"
    assert good[middle & after].mean() < good[middle & ~after].mean() - 0.10
    assert abs(good[~middle & after].mean() - good[~middle & ~after].mean()) < 0.05


def test_delivery_complaints_and_mentions_rise(frames: Frames) -> None:
    tickets, mentions = frames["tickets"], frames["mentions"]
    complaints = tickets[(tickets.category == "Delivery") & (tickets.kind == "complaint")]
    months = (T.courier - T.start) / 86_400 / 30.4375
    assert (complaints.created_at >= day(T.courier)).sum() / 3 > 2 * (complaints.created_at < day(T.courier)).sum() / months
    about = mentions[mentions.touchpoint == "Delivery"]
    assert (about.posted_at >= day(T.courier)).sum() / 3 > 2 * (about.posted_at < day(T.courier)).sum() / months


def test_mid_market_churns_about_three_times_as_often_and_the_others_as_before(frames: Frames) -> None:
    begin, change, finish = day(T.start), day(T.courier), day(T.end)
    ratio = hazard(frames, "Mid-market", change, finish) / hazard(frames, "Mid-market", begin, change)
    assert 2.2 < ratio < 3.6
    assert hazard(frames, None, begin, change) == pytest.approx(0.0145, abs=0.002)
    for segment in ("Consumer", "Small business"):
        assert 0.7 < hazard(frames, segment, change, finish) / hazard(frames, segment, begin, change) < 1.35


def test_replies_are_slow_only_by_email_on_weekdays_at_lunch_and_only_since_the_gap(frames: Frames) -> None:
    tickets = frames["tickets"]
    tickets = tickets[tickets.first_response_at.notna()]
    minutes = (tickets.first_response_at - tickets.created_at).dt.total_seconds() / 60
    lunch = (tickets.channel == "E-mail") & (tickets.created_at.dt.weekday < 5) & tickets.created_at.dt.hour.isin([12, 13])
    rest = (tickets.channel == "E-mail") & (tickets.created_at.dt.weekday < 5) & tickets.created_at.dt.hour.isin([9, 10, 11])
    since = tickets.created_at >= day(T.staffing)
    assert minutes[lunch & since].median() > 2 * minutes[lunch & ~since].median()
    assert minutes[rest & since].median() < 1.35 * minutes[rest & ~since].median()
    happy = tickets.satisfaction.dropna() >= 4
    assert happy[lunch & since].mean() < happy[lunch & ~since].mean() - 0.08


def test_the_checklist_eases_the_way_from_the_call_to_first_use(frames: Frames) -> None:
    ease = answers(frames, "After onboarding", "ces")
    after = ease.invited_at >= day(T.checklist)
    assert ease[~after].score.mean() < 4.6
    assert ease[after].score.mean() > ease[~after].score.mean() + 0.6
    first = frames["interactions"].pivot_table(index="customer_id", columns="event", values="happened_at", aggfunc="min")
    called = first[first["Onboarding call"] < day(T.end) - pd.Timedelta(days=7)]
    used, later = called["First use"].notna(), called["Onboarding call"] >= day(T.checklist)
    assert used[~later].mean() == pytest.approx(0.75, abs=0.04)
    assert used[later].mean() > 0.86
    half = called["Onboarding call"] < day(T.start + (T.checklist - T.start) // 2)
    assert abs(used[half].mean() - used[~half & ~later].mean()) < 0.05


def test_the_trained_improve_against_the_untrained_and_not_before_the_training(frames: Frames) -> None:
    tickets = frames["tickets"]
    care = tickets[(tickets.team == "Customer care") & tickets.first_response_at.notna()].copy()
    care["trained"] = care.agent.isin([AGENT_NAMES[i] for i in TRAINED])
    care["minutes"] = np.log((care.first_response_at - care.created_at).dt.total_seconds().clip(lower=30))

    def change(column: str, before: pd.DataFrame, after: pd.DataFrame) -> float:
        a, b = before.groupby("trained")[column].mean(), after.groupby("trained")[column].mean()
        return float((b[True] - a[True]) - (b[False] - a[False]))

    start, month_after = day(T.training), day(T.training) + pd.Timedelta(days=30)
    middle = day(T.start + (T.training - T.start) // 2)
    before, after = care[care.created_at < start], care[care.created_at >= month_after]
    assert change("satisfaction", before, after) > 0.2
    assert change("minutes", before, after) < -0.15
    assert abs(change("satisfaction", before[before.created_at < middle], before[before.created_at >= middle])) < 0.2
    course = frames["trainings"]
    course = course[course.course.str.startswith("Empathy")].dropna(subset=["pre_score", "post_score"])
    assert stats.ttest_rel(course.post_score, course.pre_score).pvalue < 0.001


def test_one_supplier_slips_and_its_filters_come_back(frames: Frames) -> None:
    m, orders, slip = frames["measurements"], frames["orders"], day(T.supplier)
    inspected = m[m.characteristic == "Incoming inspection"]
    later, theirs = inspected.measured_at >= slip, inspected.supplier == SLIPPING

    def ppm(rows: pd.DataFrame) -> float:
        return float(1e6 * rows.defectives.sum() / rows.sample_size.sum())

    assert ppm(inspected[theirs & later]) > 3 * ppm(inspected[theirs & ~later])
    assert ppm(inspected[~theirs & later]) < 1.25 * ppm(inspected[~theirs & ~later])
    base = inspected[theirs & ~later]
    share = base.defectives.sum() / base.sample_size.sum()
    rows = inspected[theirs]
    limit = share + 3 * np.sqrt(share * (1 - share) / rows.sample_size)
    out = rows.defectives / rows.sample_size > limit
    assert out[rows.measured_at >= slip].mean() > 0.6
    assert out[rows.measured_at < slip].mean() < 0.05
    delay = m[m.characteristic == "Supplier delivery delay"]
    punctual = delay.passed.astype(bool)
    theirs, later = delay.supplier == SLIPPING, delay.measured_at >= slip
    assert punctual[theirs & later].mean() < punctual[theirs & ~later].mean() - 0.08
    filters, since = orders["product"] == "Filter set", orders.ordered_at >= slip
    assert orders[filters & since].returned.mean() > 2.5 * orders[filters & ~since].returned.mean()
    assert orders[~filters & since].returned.mean() < 1.3 * orders[~filters & ~since].returned.mean()


def test_headline_numbers_are_those_of_a_believable_company(frames: Frames) -> None:
    responses = frames["responses"]
    assert score(answers(frames, "Relationship", "nps")) == pytest.approx(35, abs=4)
    ease = responses[(responses.metric == "ces") & responses.higher_is_better.eq(True)]
    assert ease.score.mean() == pytest.approx(5.3, abs=0.15)
    csat = responses[responses.metric == "csat"]
    assert (csat.score >= 4).mean() == pytest.approx(0.84, abs=0.025)
    each = responses.groupby("response_id").agg(answered=("answered_at", "count"), delivered=("delivered", "first"))
    assert each[each.delivered.astype(bool)].answered.gt(0).mean() == pytest.approx(0.30, abs=0.03)
    events = frames["interactions"].groupby("event").customer_id.nunique()
    assert events["First use"] / events["Visit"] == pytest.approx(0.19, abs=0.02)
    deals = frames["deals"]
    assert (deals[deals.status != "open"].status == "won").mean() == pytest.approx(0.29, abs=0.04)
    commented = responses[responses.metric.isin(["nps", "csat", "ces"])].comment.notna().mean()
    assert 0.35 < commented < 0.45


def test_the_mix_of_segments_stays(frames: Frames) -> None:
    s = frames["subscriptions"]
    mixes = []
    for moment in (date(2024, 11, 1), date(2025, 11, 1), date(2026, 8, 1)):
        at = pd.Timestamp(moment)
        mixes.append(s[(s.started_at <= at) & ~(s.ended_at <= at)].segment.value_counts(normalize=True))
    assert (pd.concat(mixes, axis=1).max(axis=1) - pd.concat(mixes, axis=1).min(axis=1)).max() < 0.03


def test_comments_rarely_repeat_and_name_the_new_courier_only_once_it_drives(frames: Frames) -> None:
    comments = frames["responses"].comment.dropna()
    assert comments.nunique() / len(comments) > 0.7
    named = frames["responses"][frames["responses"].comment.fillna("").str.contains("Rapidroute")]
    assert len(named) > 10
    assert named.invited_at.min() >= day(T.courier)


def test_there_are_blemishes_to_find(frames: Frames) -> None:
    customers, orders, tickets = frames["customers"], frames["orders"], frames["tickets"]
    assert 20 <= customers.email[customers.email != "unknown"].dropna().duplicated().sum() <= 40
    assert customers.email.isna().sum() > 20
    assert ((customers.status == "left") & customers.left_at.isna()).sum() == 8
    assert (orders.delivered_at < orders.ordered_at).sum() == 9
    assert (tickets.resolved_at < tickets.created_at).sum() == 8
    assert frames["interactions"].duration_seconds.max() == 86_400
