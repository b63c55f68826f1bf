"""What a statistical test found, in figures and in a sentence a leader can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.analytics.estimate import Estimate
from cx.errors import MeasureError

ALPHA = 0.05
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Assumption:
    """An assumption of the test chosen, or the reason another was not: `met` is None where it cannot be checked."""

    name: str
    met: bool | None
    detail: str


@dataclass(frozen=True)
class Finding:
    """`test` and `why` it was chosen; `statistic`, `df`, `p`; the `effect` in its own units and `size`, a standardised effect.

    `power` is the chance of finding an effect as large as the one seen with this n, at 5 %, and None where no formula
    holds. It says nothing new where p is small and little where n is: use it to plan the next study. `groups` describes what was compared.
    """

    test: str
    why: str
    p: float | None
    sentence: str
    statistic: float | None = None
    df: tuple[float, ...] = ()
    effect: Estimate | None = None
    effect_name: str = ""
    size: Estimate | None = None
    size_name: str = ""
    magnitude: str = ""
    power: float | None = None
    n: int = 0
    missing: int = 0
    assumptions: tuple[Assumption, ...] = ()
    groups: pd.DataFrame | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def significant(self) -> bool:
        """Whether p < 0.05."""
        return self.p is not None and self.p < ALPHA


def refused(test: str, why: str, reason: str, n: int = 0, missing: int = 0) -> Finding:
    """A finding without a result, with the reason."""
    return Finding(test, why, None, f"No test is possible: {reason}.", n=n, missing=missing, warnings=(reason,))


def said(p: float) -> str:
    """A p-value in words.

    >>> said(0.0000012), said(0.0312)
    ('p < 0.001', 'p = 0.031')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.9995 else "p = 1"


def figure(x: float) -> str:
    """A number to three significant digits, without exponents where it is of ordinary size.

    >>> figure(1234.5), figure(0.01234), figure(-3.0)
    ('1234', '0.0123', '-3')
    """
    return f"{x:.0f}" if abs(x) >= 1000 else f"{x:.3g}"


def magnitude(value: float, small: float, medium: float, large: float) -> str:
    """Cohen's words for the size of an effect, from its three thresholds."""
    size = abs(value)
    return "negligible" if size < small else "small" if size < medium else "medium" if size < large else "large"


def column(data: Any, name: str) -> pd.Series:
    """One variable as a pandas series with missing values as NaN; infinite numbers count as missing."""
    if hasattr(data, "to_pandas") and not isinstance(data, pd.Series):
        data = data.to_pandas()
    series = pd.Series(data).reset_index(drop=True).rename(name)
    if pd.api.types.is_bool_dtype(series):
        return series.astype(object).where(series.notna(), None)
    if pd.api.types.is_numeric_dtype(series):
        return series.astype(float).replace([np.inf, -np.inf], np.nan)
    values = [v for v in series if not pd.isna(v)]
    if values and all(isinstance(v, (int, float, np.number)) and not isinstance(v, bool) for v in values):
        return pd.to_numeric(series).astype(float)
    return series.astype(object).where(series.notna(), None)


def aligned(x: Any, y: Any, names: tuple[str, str]) -> tuple[pd.DataFrame, int]:
    """Both variables without the rows in which either is missing, and how many those were."""
    first, second = column(x, "x"), column(y, "y")
    if len(first) != len(second):
        raise MeasureError(
            "both variables must have the same number of rows", f"{names[0]} has {len(first)} and {names[1]} {len(second)}", "pair them"
        )
    frame = pd.DataFrame({"x": first, "y": second})
    kept = frame.dropna()
    return kept.reset_index(drop=True), len(frame) - len(kept)
