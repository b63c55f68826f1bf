"""What the API reads out: the catalogue of KPIs, one of them computed, what moved, and what is there."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from cx import documents, scorecard
from cx.blueprint.catalogue import KPIS
from cx.errors import InputError, NotFoundError
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.findings import periods, registered
from cx.front.call import READERS, SEARCHERS, answer
from cx.front.shapes import DatasetShape, Finding, Kpi, KpiRow
from cx.search import awaited, search
from cx.store.engine import store_url

router = APIRouter()
First = Annotated[str, Query(alias="from", json_schema_extra={"format": "date"}, description="First day, YYYY-MM-DD; without it from the beginning, or the last months for a KPI that describes a period.")]
Last = Annotated[str, Query(alias="to", json_schema_extra={"format": "date"}, description="Last day, included.")]
Only = Annotated[list[str], Query(description="Only these; may be repeated.")]
MOST_BY = 3  # columns of a breakdown; more give groups of one
FIGURES = ("by", "from", "to", *documents.NARROWING)


@router.get("/kpis", response_model=list[KpiRow])
async def catalogue(request: Request) -> Response:
    """The catalogue of KPIs."""
    return await answer(request, "viewer", (), lambda token, sent: documents.catalogue(), READERS)


@router.get("/kpis/{key}", response_model=Kpi, response_model_exclude_unset=True)
async def kpi(
    request: Request,
    key: str,
    by: Annotated[str, Query(description="Breakdown: up to three columns, or day, week, month, quarter, year, separated by commas.")] = "",
    first: First = "",
    last: Last = "",
    survey: Only = [],  # noqa: B006  read only, and FastAPI wants the default itself
    segment: Only = [],  # noqa: B006
    channel: Only = [],  # noqa: B006
    persona: Only = [],  # noqa: B006
) -> Response:
    """A KPI with its 95 % interval for a period, and by any breakdown. Small groups are hidden as everywhere."""
    only = {name: values for name, values in (("survey", survey), ("segment", segment), ("channel", channel), ("persona", persona)) if values}
    names = tuple(name.strip() for name in by.split(",") if name.strip())

    def work(*_: Any) -> dict[str, Any]:
        if key not in KPIS:
            raise NotFoundError(f"There is no KPI {key[:40]!r}; GET /api/v1/kpis lists them.")
        if len(names) > MOST_BY:
            raise InputError(f"a breakdown has at most {MOST_BY} columns", f"found {len(names)}", "ask in several calls")
        return documents.figures(key, names, documents.period(first, last), only)

    return await answer(request, "viewer", FIGURES, work, READERS)


@router.get("/findings", response_model=list[Finding])
async def findings(
    request: Request, first: First = "", last: Last = "", compare: Annotated[str, Query(json_schema_extra={"enum": ["previous", "year"]}, description="previous: the period right before; year: the same days a year earlier.")] = "previous"
) -> Response:
    """What moved, where and since when, the surest first; empty where nothing did. The first look at new data takes some seconds."""

    def work(*_: Any) -> list[dict[str, Any]]:
        if compare not in ("previous", "year"):
            raise InputError("compare is previous or year", f"found {compare[:40]!r}", "choose one of them")
        start, end = documents.period(first, last)
        state = revision()
        latest = scorecard.latest(state)
        if latest is None:
            return []
        now, before = periods(start, end, compare, latest)
        return documents.moved(awaited(search(Filters(*now), before, registered(), state, store_url())))

    return await answer(request, "viewer", ("from", "to", "compare"), work, SEARCHERS)


@router.get("/datasets", response_model=list[DatasetShape])
async def datasets(request: Request) -> Response:
    """The twelve datasets: their columns with types, how many rows they have and how fresh these are."""
    return await answer(request, "viewer", (), lambda token, sent: documents.datasets(), READERS)
