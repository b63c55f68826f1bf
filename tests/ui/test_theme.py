from __future__ import annotations

import tomllib
from pathlib import Path

from streamlit import config

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())


def test_every_option_in_the_theme_and_the_locks_is_known_to_streamlit() -> None:
    def names(table: dict[str, object], prefix: str) -> list[str]:
        return [name for key, value in table.items() for name in (names(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])]

    known = config.get_config_options()
    assert [name for name in names(CONFIG, "") if name not in known] == []


def test_the_locks_are_on() -> None:
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["client"]["disableDataExport"] is True
    assert CONFIG["server"]["enableXsrfProtection"] is True
    assert CONFIG["server"]["enableCORS"] is True
    assert CONFIG["server"]["enableStaticServing"] is False
    assert CONFIG["server"]["enableAgentApi"] is False
    assert CONFIG["server"]["allowedHosts"]
    assert CONFIG["browser"]["gatherUsageStats"] is False


def test_ramps_have_the_ten_colours_that_streamlit_asks_for() -> None:
    for mode in ("light", "dark"):
        assert len(CONFIG["theme"][mode]["chartSequentialColors"]) == 10
        assert len(CONFIG["theme"][mode]["chartDivergingColors"]) == 10
