"""`engine check`: which KPIs another engine computes, how fast, and why not the others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pandas as pd
import typer

from cx.analytics.estimate import Estimate
from cx.analytics.measure import GRAINS, Scope, plain
from cx.blueprint.catalogue import KPIS
from cx.blueprint.kpi import Kpi
from cx.commands.output import as_json, as_table
from cx.errors import CxError
from cx.facts import elsewhere, engine
from cx.facts.datasets import DATASETS

BREAKDOWNS: tuple[tuple[str, ...], ...] = ((), ("segment",), ("month",))
Answers = dict[tuple[Any, ...], Estimate]

app = typer.Typer(help="Engines that compute the KPIs.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def engines() -> None:
    """Engines that compute the KPIs."""


def askable() -> Iterator[tuple[Kpi, tuple[str, ...]]]:
    """Every KPI computed from facts, overall, by segment and by month as far as it has them."""
    for row in KPIS.values():
        if set(row.measure.needs) <= set(DATASETS):
            for by in BREAKDOWNS:
                if all(name in GRAINS or name in DATASETS[row.measure.dataset].dimensions for name in by):
                    yield row, by


def scope_of(row: Kpi, end: datetime) -> Scope:
    """The last year of the data, in which every KPI has something to say."""
    return Scope((pd.Timestamp(end) - pd.DateOffset(months=12)).to_pydatetime(), end, end, options=row.options)


def answers(connected: Any, row: Kpi, by: tuple[str, ...], scope: Scope) -> Answers:
    """A KPI as one engine computes it: keys of the group -> estimate. Raises what the engine raises."""
    expression = row.measure.expression(row.tables(engine.tables()), by, scope)
    found = plain([{k: float(v) if isinstance(v, Decimal) else v for k, v in r.items()} for r in connected.to_pyarrow(expression).to_pylist()])
    return {tuple(_key(r[name]) for name in by): row.measure.estimate(r) for r in found or ([] if by else [{}])}


def _key(value: Any) -> Any:
    return value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else value


def check(
    url: Annotated[str, typer.Argument(help="An Ibis URL, as CX_ENGINE takes it; facts=FOLDER in its query reads Parquet files there.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    only: Annotated[str, typer.Option(help="Only these KPIs, separated by commas.")] = "",
) -> None:
    """Compute every KPI of the catalogue on an engine, overall, by segment and by month; exit status 1 where one fails."""
    connected = elsewhere.backend(url)
    lacking = elsewhere.present(connected)
    last = max((r["latest"] for r in elsewhere.spans(url) if r["latest"] and r["dataset"] not in ("customers", "trainings")), default=datetime.now(UTC))
    end = (last + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    rows = [_tried(connected, row, by, end, lacking) for row, by in askable() if not wanted or row.key in wanted]
    failed = [r for r in rows if r["reason"] and r["reason"] != NOT_SO]
    if json:
        as_json({"datasets": {name: {"lacks": list(columns)} for name, columns in lacking.items()}, "kpis": rows, "computed": len(rows) - len(failed), "failed": len(failed)})
    else:
        as_table(rows, ("kpi", "by", "groups", "value", "n", "seconds", "reason"))
        seconds = sorted(r["seconds"] for r in rows if not r["reason"])
        middle = f", {seconds[len(seconds) // 2]:.2f} s at the median" if seconds else ""
        print(f"{len(seconds)} of {len(rows)} numbers computed{middle}; {len(failed)} failed; {len(lacking)} of {len(DATASETS)} datasets found.")
    if failed:
        raise typer.Exit(1)


NOT_SO = "cannot be broken down by this"


def _tried(connected: Any, row: Kpi, by: tuple[str, ...], end: datetime, lacking: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"kpi": row.key, "by": ", ".join(by), "groups": None, "value": None, "n": None, "seconds": None, "reason": ""}
    absent = [name for name in row.measure.needs if name not in lacking]
    columns = [f"{name}.{c}" for name, used in row.measure.needs.items() for c in used if c in lacking.get(name, ())]
    if absent or columns:
        return out | {"reason": f"lacks the {'dataset' if absent else 'column'} {', '.join(absent or columns)}"}
    started = time.perf_counter()
    try:
        found = answers(connected, row, by, scope_of(row, end))
    except CxError as error:
        return out | {"reason": NOT_SO if by else str(error)}
    except Exception as error:  # every engine raises errors of its own
        return out | {"reason": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]}
    whole = found.get(()) if not by else None
    return out | {
        "groups": len(found) if by else None, "value": whole.value if whole else None, "n": whole.n if whole else sum(e.n for e in found.values()),
        "seconds": round(time.perf_counter() - started, 3),
    }  # fmt: skip


app.command("check")(check)
