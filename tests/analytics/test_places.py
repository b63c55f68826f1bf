"""Where a number moved: mix and rate add up, noise names nothing, and a planted place is the one that is named."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cx.analytics.change_point import change_point
from cx.analytics.decomposition import decompose
from cx.analytics.interval import proportion
from cx.analytics.multiplicity import adjusted, split
from cx.analytics.nps import NPS
from cx.analytics.places import Cube, cube, dispersion, explaining
from cx.errors import MeasureError

SEGMENTS, CHANNELS, TEAMS = ("A", "B", "C", "D"), ("mail", "phone", "chat"), tuple("rstuvw")


def share(row):
    return proportion(row["met"], row["n"]) if row["n"] else proportion(0, 0)


def drawn(seed: int, n: int = 3000, **planted: float) -> Cube:
    """Rows of two periods with a share of 80 %; `planted` lowers it afterwards in a place such as A or A_mail."""
    rng = np.random.default_rng(seed)
    columns = {"segment": rng.choice(SEGMENTS, n), "channel": rng.choice(CHANNELS, n), "team": rng.choice(TEAMS, n)}
    after = rng.random(n) < 0.5
    chance = np.full(n, 0.8)
    for place, drop in planted.items():
        inside = after.copy()
        for label in place.split("_") if place != "everywhere" else ():
            inside &= (columns["segment"] == label) | (columns["channel"] == label)
        chance[inside] -= drop
    met = (rng.random(n) < chance).astype(float)
    found = cube(pa.table({**columns, "_after": after, "met": met, "n": np.ones(n)}), tuple(columns), share)
    assert found is not None
    return found


def named(found: Cube) -> list[dict[str, str]]:
    """The places named, after Holm's correction over three families."""
    families = [[found.total], found.places(1), found.places(2)]
    values = split([[m.p for m in family] for family in families])
    passed = [m.where for family, line in zip(families, values, strict=True) for m, p in zip(family, line, strict=True) if p <= 0.05]
    if not passed:
        return []
    limits = [0.05 / 3 / len(family) for family in families]
    return [dict(moved.where) for moved, _ in explaining(found, limits, [where for where in passed if where])]


def test_where_nothing_moved_nothing_is_named_in_nineteen_of_twenty_draws():
    assert sum(bool(named(drawn(seed))) for seed in range(24)) <= 3


def test_a_change_in_one_segment_is_named_once_and_as_that_segment():
    assert named(drawn(1, A=0.25)) == [{"segment": "A"}]


def test_a_change_in_a_pair_is_named_as_the_pair():
    assert named(drawn(2, n=6000, A_mail=0.4)) == [{"segment": "A", "channel": "mail"}]


def test_a_change_everywhere_has_no_place():
    assert named(drawn(3, everywhere=0.15)) == [{}]


def test_two_separate_changes_are_both_named():
    found = named(drawn(4, n=8000, A=0.3, D=0.3))
    assert sorted(place["segment"] for place in found) == ["A", "D"]


def test_mix_and_rate_add_up_to_the_change_along_every_dimension():
    found = drawn(5, A=0.2)
    weight = found.weights()
    assert weight == ""
    for split_ in found.mixes(weight).values():
        assert split_.mix + split_.rate == pytest.approx(found.total.change.value, abs=1e-9)
        assert split_.change == pytest.approx(found.total.change.value, abs=1e-9)


def test_mix_and_rate_hold_for_nps_too():
    table = pa.table({
        "segment": ["A", "B", "A", "B"], "_after": [False, False, True, True], "promoters": [60, 10, 30, 25], "passives": [30, 20, 10, 40],
        "detractors": [10, 30, 10, 60], "invalid": [0, 0, 0, 0],
    })  # fmt: skip
    found = cube(table, ("segment",), NPS.estimate)
    assert found is not None
    assert found.weights() == ""
    split_ = found.mixes("")["segment"]
    assert split_.mix + split_.rate == pytest.approx(found.total.change.value)
    assert split_.mix < -5  # most of what fell is that more of B, who never loved us, answered


def test_a_change_of_mix_alone_has_no_rate():
    found = decompose({"a": (50, 80.0), "b": (50, 40.0)}, {"a": (25, 80.0), "b": (75, 40.0)})
    assert (found.change, found.mix, found.rate) == (-10.0, -10.0, 0.0)


def test_a_group_that_appears_is_all_mix():
    found = decompose({"a": (10, 90.0)}, {"a": (10, 90.0), "new": (10, 10.0)})
    assert found.mix == pytest.approx(-40)
    assert found.rate == 0
    assert found.parts["new"].mix < 0


def test_periods_without_weight_are_refused():
    with pytest.raises(MeasureError):
        decompose({}, {"a": (1, 1.0)})


def test_holm_keeps_the_order_and_never_lowers_a_p():
    p = [0.001, 0.02, 0.5, 0.04]
    assert all(q >= raw for q, raw in zip(adjusted(p), p, strict=True))
    assert adjusted([]) == []
    with pytest.raises(MeasureError):
        adjusted(p, "none")


def test_a_place_that_would_give_a_small_group_away_is_not_named():
    n = 400
    table = pa.table({"segment": ["A"] * (n - 4) + ["B"] * 4, "_after": [i % 2 == 0 for i in range(n)], "met": [1.0] * n, "n": [1.0] * n})
    found = cube(table, ("segment",), share, smallest=5)
    assert found is not None
    assert found.places(1) == []


def days_of(seed: int, step: int | None) -> tuple[list[date], dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    days = [date(2026, 1, 1) + timedelta(days=i) for i in range(180)]
    chance = np.where(np.arange(180) >= (step if step is not None else 999), 0.6, 0.8)
    return days, {"met": rng.binomial(20, chance).astype(float), "n": np.full(180, 20.0)}


def test_the_day_of_a_step_is_found_within_a_week():
    days, statistics = days_of(1, 110)
    found = change_point(days, statistics, share, -1)
    assert found is not None
    assert abs((found.day - days[110]).days) <= 7
    assert found.low <= found.day <= found.high


def test_where_no_step_is_there_is_no_day():
    assert sum(change_point(*days_of(seed, None), share) is not None for seed in range(40)) <= 4


def test_rows_in_clusters_widen_the_variance_and_single_rows_do_not():
    rng = np.random.default_rng(3)
    single, tripled = rng.binomial(30, 0.8, 180), 3 * rng.binomial(30, 0.8, 180)
    assert dispersion(proportion(int(single.sum()), 5400), [proportion(int(m), 30) for m in single]) == 1
    assert dispersion(proportion(int(tripled.sum()), 16200), [proportion(int(m), 90) for m in tripled]) == pytest.approx(3, rel=0.35)
