"""Testing many hypotheses at once: adjusted p-values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import false_discovery_control

from cx.errors import MeasureError

METHODS = ("holm", "benjamini-hochberg")


def adjusted(p: Sequence[float], method: str = "holm") -> list[float]:
    """Adjusted p-values in the order given; those at most 5 % are significant in spite of the number of tests.

    holm: with probability 95 % not one of the significant ones is false, however the tests depend on each other (Holm,
    Scandinavian Journal of Statistics 6, 1979). benjamini-hochberg: on average at most 5 % of the significant ones are
    false (Benjamini & Hochberg, JRSS B 57, 1995). Raises MeasureError for another name.

    >>> [round(x, 3) for x in adjusted([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    >>> [round(x, 3) for x in adjusted([0.01, 0.04, 0.03], "benjamini-hochberg")]
    [0.03, 0.04, 0.04]
    """
    if method not in METHODS:
        raise MeasureError(f"the correction must be one of {', '.join(METHODS)}", f"found {method!r}", "choose one of them")
    if not len(p):
        return []
    values = np.asarray(p, dtype=float)
    if method != "holm":
        return [float(x) for x in false_discovery_control(values)]
    # not by statsmodels: it makes the interpreter look through its whole memory at each call
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    out = np.empty_like(values)
    out[order] = np.minimum(stepped, 1.0)
    return [float(x) for x in out]


def split(families: Sequence[Sequence[float]], method: str = "holm") -> list[list[float]]:
    """Adjusted p-values of several families that share the 5 % equally: each family's are multiplied by how many there are.

    A few questions asked first (has the whole moved?) then do not pay for thousands asked after them (and where?).

    >>> split([[0.01], [0.001, 0.5]])
    [[0.02], [0.004, 1.0]]
    """
    standing = sum(1 for family in families if len(family))
    return [[min(x * standing, 1.0) for x in adjusted(family, method)] for family in families]
