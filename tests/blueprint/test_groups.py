from __future__ import annotations

import pytest
from streamlit.material_icon_names import ALL_MATERIAL_ICONS

from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS, SECTIONS, group
from cx.blueprint.registers import REGISTERS
from cx.errors import InputError
from cx.facts.datasets import DATASETS

STEPS = [(g, s) for g in GROUPS.values() for s in g.steps]


def sentence(text: str) -> bool:
    return text[0].isupper() and text.endswith((".", "?")) and "  " not in text and ".." not in text


def test_there_are_ten_groups_numbered_in_their_order() -> None:
    assert [g.number for g in GROUPS.values()] == list(range(1, 11))
    assert list(GROUPS) == ["needs", "journeys", "service", "sales", "marketing", "product", "quality", "improvement", "training", "reporting"]


def test_each_group_has_seven_steps_and_no_two_steps_share_a_name() -> None:
    assert all(len(g.steps) == 7 for g in GROUPS.values())
    assert len({(g.key, s.key) for g, s in STEPS}) == 70
    assert all(s.key.isidentifier() and s.key == s.key.lower() for _, s in STEPS)
    assert len({(g.key, s.title) for g, s in STEPS}) == 70


def test_titles_fit_a_tile() -> None:
    titles = [g.title for g in GROUPS.values()] + [s.title for _, s in STEPS] + [k.title for k in KPIS.values()] + list(REGISTERS.values())
    assert [t for t in titles if not 2 <= len(t) <= 24] == []


def test_what_is_said_is_a_sentence() -> None:
    said = [g.purpose for g in GROUPS.values()] + [t for _, s in STEPS for t in (s.purpose, s.user_can)]
    assert [t for t in said if not sentence(t)] == []
    assert len(set(said)) == len(said)


def test_every_kpi_register_and_dataset_a_step_names_exists() -> None:
    for g, s in STEPS:
        assert set(s.kpis) <= set(KPIS), (g.key, s.key)
        assert set(s.records) <= set(REGISTERS), (g.key, s.key)
        assert set(s.datasets) <= set(DATASETS), (g.key, s.key)
        assert s.records or s.datasets, (g.key, s.key)


def test_every_register_belongs_to_a_step() -> None:
    assert set(REGISTERS) == {name for g in GROUPS.values() for name in g.records}


def test_a_step_with_a_kpi_reads_the_data_the_kpi_is_computed_from() -> None:
    wrong = [(g.key, s.key, k) for g, s in STEPS for k in s.kpis if not set(KPIS[k].measure.needs) <= {*s.datasets, *s.records}]
    assert wrong == []


def test_the_wall_of_a_group_shows_its_headline_and_every_kpi_it_owns() -> None:
    for g in GROUPS.values():
        assert g.headline in g.kpis, g.key
        assert set(g.kpis) <= set(KPIS), g.key
        assert {k.key for k in KPIS.values() if k.group == g.key} <= set(g.kpis), g.key


def test_icons_are_known_and_sections_are_few() -> None:
    assert all(g.icon in ALL_MATERIAL_ICONS for g in GROUPS.values())
    assert len({g.icon for g in GROUPS.values()}) == 10
    assert len(SECTIONS) <= 5


def test_an_unknown_group_is_refused_with_the_ten_named() -> None:
    with pytest.raises(InputError, match="needs, journeys, service"):
        group("finance")
    assert group("quality").step("control") is not None
    assert group("quality").step("nothing") is None
