"""The facts on another engine: a backend that `CX_ENGINE` names, over tables of its own or over Parquet files.

A URL is any that Ibis connects to. With `facts=FOLDER` in its query the engine reads one Parquet file or folder a
dataset below that folder (`FOLDER/responses.parquet` or `FOLDER/responses/*.parquet`), on object storage or a disk it can see.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import ibis
import ibis.expr.types as ir

from cx.errors import SettingError
from cx.facts.datasets import DATASETS

REACHABLE = "CX_ENGINE must name an Ibis backend that can be reached"
# A hundred small results do not need the two hundred partitions Spark would make of each.
SPARK = {
    "spark.sql.session.timeZone": "UTC", "spark.sql.shuffle.partitions": "8", "spark.ui.enabled": "false", "spark.app.name": "CX Blueprint",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false", "spark.ui.showConsoleProgress": "false",
}  # fmt: skip


@lru_cache(maxsize=4)
def backend(url: str) -> Any:
    """The Ibis backend a URL names, its Parquet files registered. Raises SettingError in one sentence where it cannot be reached."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    folder = query.pop("facts", "").rstrip("/")
    try:
        connected = _spark(query) if parts.scheme == "pyspark" else ibis.connect(_joined(parts.scheme, parts.netloc, parts.path, query))
    except Exception as error:  # every backend raises errors of its own here
        raise SettingError(REACHABLE, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason given'}") from error
    if folder:
        _register(connected, folder)
    return connected


def _joined(scheme: str, authority: str, path: str, query: Mapping[str, str]) -> str:
    return f"{scheme}://{authority}{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")


def _spark(query: Mapping[str, str]) -> Any:
    """A session with the settings of the query: made anew, as several of them cannot be changed in one that runs."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    # a session elsewhere takes what concerns its queries; what concerns its server is settled there
    ours = {name: value for name, value in SPARK.items() if name.startswith("spark.sql.")} if "spark.remote" in query else SPARK
    for name, value in {**ours, **query}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    if "spark.remote" not in query:
        session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session)


def _register(connected: Any, folder: str) -> None:
    found, why = [], ""
    places = ["{0}/{1}.parquet", "{0}/{1}/*.parquet"]
    for name in DATASETS:
        for place in list(places):
            path = place.format(folder, name)
            try:
                table = connected.read_parquet(path, table_name=f"{name}_files")
            except Exception as error:  # a place that holds nothing is an error of its own in every backend
                why = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
                continue
            connected.create_view(name, _conformed(name, table), overwrite=True)
            found.append(name)
            places.sort(key=lambda p: p != place)  # the others are likely to lie alike
            break
    if not found:
        raise SettingError(
            "the folder named by facts= must hold Parquet files named after datasets",
            f"none was read from {folder} ({why})",
            "check the folder and its access",
        )


def _conformed(name: str, table: ir.Table) -> ir.Table:
    """The columns of a dataset in their types; those that the files lack are empty."""
    kind = DATASETS[name].unbound.schema()
    return table.select(**{c: table[c].cast(t.copy(nullable=True)) if c in table.columns else ibis.null(t) for c, t in kind.items()})


def present(connected: Any) -> Mapping[str, tuple[str, ...]]:
    """Which datasets the backend has, with the columns each of them lacks."""
    found = {}
    for name, kind in DATASETS.items():
        try:
            columns = connected.table(name).columns
        except Exception:  # a table that is not there is an error of its own in every backend
            continue
        found[name] = tuple(c for c in kind.unbound.columns if c not in columns)
    return found


def spans(url: str) -> list[dict[str, Any]]:
    """Dataset, earliest and latest moment (aware), for every dataset that the backend has."""
    connected = backend(url)
    out = []
    for name in present(connected):
        table = connected.table(name)
        time = table[DATASETS[name].time]
        row = connected.to_pyarrow(table.aggregate(first=time.min().cast("timestamp(6)"), last=time.max().cast("timestamp(6)"))).to_pylist()[0]
        out.append({"dataset": name, "earliest": _aware(row["first"]), "latest": _aware(row["last"])})
    return out


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
