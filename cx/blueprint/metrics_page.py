"""`docs/metrics.md`, written from the catalogue: `python -m cx.blueprint.metrics_page`."""

from __future__ import annotations

from pathlib import Path

from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.blueprint.kpi import Kpi

PAGE = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"
BETTER = {"higher": "higher is better", "lower": "lower is better", "none": "neither direction is good by itself"}
HEAD = """# Metrics

Written from the KPI catalogue by `python -m cx.blueprint.metrics_page`; a test fails where this page is stale.
Every value is shown with its number of observations and its 95 % interval, and has no value, with the reason, where it is not defined.
"""


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _section(row: Kpi) -> str:
    facts = [
        f"`{row.key}`",
        row.unit,
        BETTER[row.better],
        f"default target {_number(row.target)}" if row.target is not None else "no default target",
        f"trusted from {row.minimum} observations on",
        "reads " + ", ".join(f"`{name}`" for name in row.measure.needs),
        *(f"{name} = {value}" for name, value in row.options.items()),
    ]
    parts = [f"### {row.title}", f"**{row.question}**", " · ".join(facts), row.text]
    parts += [f"Beware: {row.caveats}"] if row.caveats else []
    parts += [f"Origin: {row.source}"] if row.source else []
    return "\n\n".join(parts) + "\n"


def page() -> str:
    """The whole page as Markdown: a chapter for each process group that owns KPIs."""
    chapters = [HEAD]
    for group in GROUPS.values():
        rows = [row for row in KPIS.values() if row.group == group.key]
        if rows:
            chapters += [f"## {group.title}\n", *map(_section, rows)]
    return "\n".join(chapters)


def main() -> None:
    """Write the page where it belongs."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
