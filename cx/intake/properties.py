"""The columns nobody asked for, as one JSON object a record, so that numbers can still be broken down by them."""

from __future__ import annotations

import json

import polars as pl

_PLAIN = r'["\\\x00-\x1f\x7f]'


def encoded(cells: pl.Series) -> pl.Series:
    """Each text as a JSON string."""
    if not cells.str.contains(_PLAIN).any():
        return cells
    odd = cells.filter(cells.str.contains(_PLAIN)).drop_nulls().unique().to_list()
    return cells.replace(odd, [json.dumps(text, ensure_ascii=False)[1:-1] for text in odd])


def objects(columns: list[tuple[str, pl.Series]], height: int) -> pl.Series:
    """One JSON object a record of the filled cells of these columns; null where none is filled."""
    if not columns:
        return pl.repeat(None, height, dtype=pl.String, eager=True).alias("properties")
    pieces = {}
    for i, (name, cells) in enumerate(columns):
        cells = cells.str.strip_chars()
        start = json.dumps(name, ensure_ascii=False) + ': "'
        pieces[str(i)] = pl.DataFrame({"c": encoded(cells.set(cells == "", None))}).select(pl.concat_str(pl.lit(start), "c", pl.lit('"'))).to_series()
    body = pl.DataFrame(pieces).select(pl.concat_str(pl.all(), separator=", ", ignore_nulls=True)).to_series()
    return body.to_frame("b").select(pl.when(pl.col("b") != "").then(pl.concat_str(pl.lit("{"), "b", pl.lit("}")))).to_series().alias("properties")
