"""Which needs to serve first: opportunity score and RICE."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cx.errors import MeasureError


def opportunity_score(importance: Any, satisfaction: Any) -> Any:
    """Opportunity = importance + max(importance - satisfaction, 0), both from 0 to 10, elementwise; from 0 to 20.

    Above 15 a need is extremely, above 12 highly and from 10 fairly underserved; see `opportunity_band`. NaN where a part
    is missing. Raises MeasureError for values off the scale. Source: Ulwick, What Customers Want, 2005.

    >>> opportunity_score(9, 3), opportunity_score(5, 8)
    (15.0, 5.0)
    """
    wanted, had = _scaled(importance, "importance"), _scaled(satisfaction, "satisfaction")
    score = wanted + np.maximum(wanted - had, 0)
    return float(score) if score.ndim == 0 else score


def opportunity_band(score: float | None) -> str:
    """Words for a score.

    >>> opportunity_band(15.2), opportunity_band(12.5), opportunity_band(10.0), opportunity_band(7)
    ('extremely underserved', 'highly underserved', 'underserved', 'served')
    """
    if score is None or not np.isfinite(score):
        return "unknown"
    return "extremely underserved" if score > 15 else "highly underserved" if score > 12 else "underserved" if score >= 10 else "served"


def rated_share(ratings: Any, top: float = 4) -> float | None:
    """Importance or satisfaction from 0 to 10 from single ratings: 10 * share of ratings of `top` or more (4 and 5 of 5).

    >>> rated_share([5, 4, 3, 1, None])
    5.0
    """
    known = pd.Series(ratings, dtype=float).dropna()
    return None if known.empty else float(10 * (known >= top).mean())


def rice(reach: Any, impact: Any, confidence: Any, effort: Any) -> Any:
    """RICE = reach * impact * confidence / effort, elementwise.

    reach: people in a period; impact: 0.25 minimal to 3 massive; confidence: share from 0 to 1; effort: person-months.
    NaN where effort is 0 or a part is missing. Raises MeasureError for negative parts or a confidence above 1 (a
    percentage by mistake). Source: McBride, RICE, Intercom 2016.

    >>> rice(2000, 1, 0.8, 4)
    400.0
    """
    parts = {n: np.asarray(v, dtype=float) for n, v in (("reach", reach), ("impact", impact), ("confidence", confidence), ("effort", effort))}
    for name, value in parts.items():
        if (value < 0).any():
            raise MeasureError(f"{name} must not be negative", f"found {np.nanmin(value):g}", "correct it")
    if (parts["confidence"] > 1).any():
        raise MeasureError("confidence must be a share from 0 to 1", f"found {np.nanmax(parts['confidence']):g}", "write 0.8 for 80 %")
    effort_ = np.where(parts["effort"] > 0, parts["effort"], np.nan)
    score = np.asarray(parts["reach"] * parts["impact"] * parts["confidence"] / effort_)
    return float(score) if score.ndim == 0 else score


def _scaled(values: Any, name: str) -> np.ndarray:
    known = np.asarray(values, dtype=float)
    if ((known < 0) | (known > 10)).any():
        raise MeasureError(f"{name} must be from 0 to 10", f"found {np.nanmin(known):g} to {np.nanmax(known):g}", "rescale it")
    return known
