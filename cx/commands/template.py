"""`template`: a CSV to fill in."""

from __future__ import annotations

from typing import Annotated

import typer

from cx.facts.datasets import dataset as find


def template(dataset: Annotated[str, typer.Argument(help="One of the twelve datasets.")]) -> None:
    """Print a CSV template of a dataset: its columns and two example rows."""
    from cx.intake import template as text

    print(text(find(dataset).name), end="")
