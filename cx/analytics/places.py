"""Where a number moved: every place that can be named, tested, and the fewest of them that explain the movement.

A place is a value of one dimension (segment = Enterprise) or of several (team = Billing, hour = 12-14). The statistics
of a measure, by period and all dimensions at once, are fetched once as a `Cube`; all places are sums over its cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cx.analytics.decomposition import Decomposition, decompose
from cx.analytics.estimate import Difference, Estimate, difference

Place = tuple[tuple[str, str], ...]
Mask = NDArray[np.bool_]
Estimator = Callable[[Mapping[str, float]], Estimate]

MOST_VALUES = 40
SAME = 0.98  # a place that holds nearly all of another is that other by another name
DEEPEST = 3
MOST_FOUND = 4
WEEK = 7
SIMPLER = 4.0  # by so much z^2 must gain before two dimensions are named instead of one
ALPHA = 0.05


@dataclass(frozen=True)
class Moved:
    """One place: the estimate before and after, and the tested difference."""

    where: Place
    before: Estimate
    after: Estimate
    change: Difference

    @property
    def p(self) -> float:
        """Two-sided p; 1 where no test is possible."""
        return 1.0 if self.change.p is None else self.change.p

    @property
    def z(self) -> float:
        """Test statistic; 0 where there is none."""
        return self.change.z or 0.0


@dataclass(frozen=True)
class Cube:
    """Cells of a measure: `codes` (cells x dimensions, -1 unknown), `labels` per dimension, which cells are `after`, statistics.

    `estimate` makes an Estimate of summed statistics; `minimum` observations are asked of a place in both periods, and no
    place is named that leaves between 1 and `smallest` - 1 observations over, which subtraction would then give away. `dispersion`
    widens every variance, where rows come in clusters.
    """

    dimensions: tuple[str, ...]
    codes: NDArray[np.int64]
    labels: tuple[tuple[str, ...], ...]
    after: Mask
    statistics: Mapping[str, NDArray[np.float64]]
    estimate: Estimator
    minimum: int = 30
    smallest: int = 0
    dispersion: float = 1.0

    def _estimated(self, row: Mapping[str, float]) -> Estimate:
        found = self.estimate(row)
        return found if self.dispersion == 1 or found.se is None else replace(found, se=found.se * math.sqrt(self.dispersion))

    def mask(self, where: Place) -> Mask:
        """The cells of a place."""
        found = np.ones(len(self.after), dtype=bool)
        for name, label in where:
            i = self.dimensions.index(name)
            found &= self.codes[:, i] == self.labels[i].index(label)
        return found

    def kept(self, mask: Mask) -> Cube:
        """The cube of some cells only."""
        return replace(self, codes=self.codes[mask], after=self.after[mask], statistics={k: v[mask] for k, v in self.statistics.items()})

    def whole(self, where: Place = ()) -> Moved:
        """All cells together, called `where`."""
        before, after = (self._estimated({k: float(v[side].sum()) for k, v in self.statistics.items()}) for side in (~self.after, self.after))
        return Moved(where, before, after, difference(before, after))

    def of(self, where: Place) -> Moved:
        """One place."""
        return self.kept(self.mask(where)).whole(where)

    @cached_property
    def total(self) -> Moved:
        """Everything, tested."""
        return self.whole()

    def places(self, depth: int) -> list[Moved]:
        """Every place of so many dimensions that is large enough, tested. The same place under another name is left out."""
        return [moved for names in combinations(range(len(self.dimensions)), depth) for moved in self._along(names)]

    def _along(self, axes: Sequence[int]) -> Iterator[Moved]:
        known = (self.codes[:, list(axes)] >= 0).all(axis=1)
        if not known.any():
            return
        sizes = [len(self.labels[i]) for i in axes]
        flat = np.ravel_multi_index(tuple(self.codes[known, i] for i in axes), sizes)
        # two slots a place: before, after
        slot, slots = 2 * flat + self.after[known], 2 * math.prod(sizes)
        sums = {k: np.bincount(slot, weights=v[known], minlength=slots).reshape(-1, 2) for k, v in self.statistics.items()}
        rough = np.sum([np.abs(s) for s in sums.values()], axis=0) if sums else np.zeros((slots // 2, 2))
        enough = np.flatnonzero((rough >= self.minimum / 2).all(axis=1))
        wider = {} if len(axes) == 1 else {i: self._sizes(i) for i in axes}
        for place in enough:
            after = self._estimated({k: float(s[place, 1]) for k, s in sums.items()})
            if after.n < self.minimum or after.value is None:
                continue
            before = self._estimated({k: float(s[place, 0]) for k, s in sums.items()})
            if before.n < self.minimum or before.value is None:
                continue
            at = np.unravel_index(place, sizes)
            n = (before.n, after.n)
            around = [wider[i][int(c)] for i, c in zip(axes, at, strict=True)] if wider else [(self.total.before.n, self.total.after.n)]
            if any(sum(n) > SAME * sum(m) or any(0 < b - a < self.smallest for a, b in zip(n, m, strict=True)) for m in around):
                continue
            where = tuple((self.dimensions[i], self.labels[i][int(c)]) for i, c in zip(axes, at, strict=True))
            yield Moved(where, before, after, difference(before, after))

    def _sizes(self, axis: int) -> list[tuple[int, int]]:
        return [tuple(self._n(self.codes[:, axis] == c, side) for side in (~self.after, self.after)) for c in range(len(self.labels[axis]))]  # type: ignore[misc]

    def _n(self, mask: Mask, side: Mask) -> int:
        return self.estimate({k: float(v[mask & side].sum()) for k, v in self.statistics.items()}).n

    def weights(self) -> str | None:
        """The statistic whose weighted mean of cell values is the value of the whole ("" for n); None where there is none."""
        axis = next((i for i in range(len(self.dimensions)) if len(np.unique(self.codes[:, i])) > 1), None)
        if axis is None or self.total.before.value is None or self.total.after.value is None:
            return None
        parts = self._parts(axis)
        for name in ("", *self.statistics):
            if all(_mean(side, name, whole) for side, whole in zip(parts, (self.total.before.value, self.total.after.value), strict=True)):
                return name
        return None

    def _parts(self, axis: int) -> list[dict[int, tuple[Estimate, dict[str, float]]]]:
        out = []
        for side in (~self.after, self.after):
            here: dict[int, tuple[Estimate, dict[str, float]]] = {}
            for code in np.unique(self.codes[side, axis]):
                at = side & (self.codes[:, axis] == code)
                row = {k: float(v[at].sum()) for k, v in self.statistics.items()}
                found = self.estimate(row)
                if found.value is not None:
                    here[int(code)] = (found, row)
            out.append(here)
        return out

    def mixes(self, weight: str) -> dict[str, Decomposition]:
        """The change split into mix and rate, along each dimension that has more than one value."""
        out = {}
        for axis, name in enumerate(self.dimensions):
            before, after = (_weighted(side, weight) for side in self._parts(axis))
            if len({*before, *after}) > 1 and sum(w for w, _ in before.values()) > 0 and sum(w for w, _ in after.values()) > 0:
                out[name] = decompose(before, after)
        return out


def _weighted(side: Mapping[int, tuple[Estimate, dict[str, float]]], weight: str) -> dict[Hashable, tuple[float, float]]:
    return {code: (_weight(e, row, weight), float(e.value or 0)) for code, (e, row) in side.items()}


def _weight(estimate: Estimate, row: Mapping[str, float], name: str) -> float:
    return float(estimate.n) if not name else row[name]


def _mean(side: Mapping[int, tuple[Estimate, dict[str, float]]], name: str, whole: float) -> bool:
    weights = [_weight(e, row, name) for e, row in side.values()]
    if not weights or min(weights) < 0 or sum(weights) <= 0:
        return False
    value = sum(w * float(e.value or 0) for w, (e, _) in zip(weights, side.values(), strict=True)) / sum(weights)
    return math.isclose(value, whole, rel_tol=1e-6, abs_tol=1e-6)


def cube(table: pa.Table, dimensions: Sequence[str], estimate: Estimator, *, after: str = "_after", minimum: int = 30, smallest: int = 0) -> Cube | None:
    """A table of statistics by `dimensions` and period as a Cube; None where a statistic cannot be added up.

    `after` names the column that says whether a row belongs to the later period. A dimension with one value, or with
    more than 40, names no places and is left out. Text among the statistics (a currency) must be the same throughout.
    """
    statistics: dict[str, NDArray[np.float64]] = {}
    constant: dict[str, object] = {}
    for name in table.column_names:
        if name == after or name in dimensions:
            continue
        column = table[name]
        if pa.types.is_boolean(column.type) or pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            statistics[name] = np.nan_to_num(pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy().astype(float))
        elif len(seen := [v for v in pc.unique(column).to_pylist() if v is not None]) <= 1:
            constant[name] = seen[0] if seen else None
        else:
            return None
    names, codes, labels = [], [], []
    for name in dimensions:
        encoded = table[name].combine_chunks().dictionary_encode()
        values = [str(v) for v in encoded.dictionary.to_pylist()]
        if 2 <= len(values) <= MOST_VALUES or (len(values) == 1 and encoded.null_count):
            names.append(name)
            codes.append(pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int64))
            labels.append(tuple(values))
    stacked = np.stack(codes, axis=1) if codes else np.zeros((table.num_rows, 0), dtype=np.int64)
    side = pc.equal(table[after], True).to_numpy()

    def whole(row: Mapping[str, float]) -> Estimate:
        return estimate({**constant, **row} if constant else row)  # type: ignore[dict-item]

    return Cube(tuple(names), stacked, tuple(labels), side.astype(bool), statistics, whole, minimum, smallest)


def dispersion(whole: Estimate, days: Sequence[Estimate]) -> float:
    """How much wider days scatter than independent rows would: 1 where that cannot be told from chance.

    The mean over days a week apart of (v1 - v0)^2 / (1/n0 + 1/n1), over the variance of one row, n se^2 of the whole. Days are
    compared with their like, so that neither the week nor a drift within the period is taken for scatter. Rows that come in clusters,
    such as the lines of one order, make it larger than 1.
    """
    seen = [(float(e.value), e.n) for e in days if e.value is not None and e.n > 0]
    if len(seen) < 20 or whole.value is None or not whole.se or not whole.n:
        return 1.0
    total = sum(n for _, n in seen)
    if not math.isclose(sum(v * n for v, n in seen) / total, whole.value, rel_tol=0.02, abs_tol=2 * whole.se):
        return 1.0
    gaps = [(v1 - v0) ** 2 / (1 / n0 + 1 / n1) for (v0, n0), (v1, n1) in zip(seen, seen[WEEK:], strict=False)]
    found = sum(gaps) / len(gaps) / (whole.n * whole.se**2) if gaps else 1.0
    # two standard errors of it: a scatter that chance gives as well is no clustering
    return found if gaps and found > 1 + 2 * math.sqrt(3 / len(gaps)) else 1.0


def against(first: Difference, second: Difference) -> float:
    """z of how much one independent change differs from another; 0 where either cannot be tested."""
    if None in (first.low, first.high, second.low, second.high):
        return 0.0
    centre = ((first.low or 0) + (first.high or 0)) / 2 - ((second.low or 0) + (second.high or 0)) / 2
    spread = math.hypot((first.high or 0) - (first.low or 0), (second.high or 0) - (second.low or 0)) / (2 * 1.959964)
    return centre / spread if spread > 0 else 0.0


def explaining(found: Cube, limits: Sequence[float], candidates: Sequence[Place]) -> list[tuple[Moved, Cube]]:
    """The fewest places that explain how the measure moved, the most telling first, each with its own cells.

    `limits`: the p that everything together, a value of one dimension and a pair must stay under; `candidates`: places
    that did. The place is taken whose change differs most from the change of all the rest, since that is where cutting
    the data in two explains most; a pair only where it explains clearly more than a single value. If nothing differs from
    the rest, all of it moved alike, and the place is everywhere. What was explained is taken out, and the search repeated
    until nothing left over moves.
    """
    out: list[tuple[Moved, Cube]] = []
    left, asked = np.ones(len(found.after), dtype=bool), list(candidates)
    while len(out) < MOST_FOUND and left.any():
        rest = found.kept(left)
        scored: list[tuple[float, float, Moved]] = []
        for where in asked:
            mine = rest.mask(where)
            moved = rest.kept(mine).whole(where)
            if moved.p > limits[len(where)] or min(moved.before.n, moved.after.n) < found.minimum:
                continue
            gap = against(moved.change, rest.kept(~mine).whole().change)
            scored.append((gap * gap - SIMPLER * (len(where) - 1), gap, moved))
        total = rest.total
        everywhere = total.p <= limits[0]
        if not scored:
            if everywhere:
                out.append((total, rest))
            break
        _, gap, best = max(scored, key=lambda one: (one[0], abs(one[2].z)))
        telling = gap * gap > _critical(len(asked)) and gap * best.z > 0
        if everywhere and not telling:
            out.append((total, rest))
            break
        best = deeper(rest, best)
        mask = found.mask(best.where)
        out.append((found.kept(mask & left).whole(best.where), found.kept(mask & left)))
        left &= ~mask
    return out


def deeper(rest: Cube, best: Moved) -> Moved:
    """A place narrowed by one more dimension for as long as one value of it moved and the others did not."""
    while len(best.where) < DEEPEST:
        inside = rest.kept(rest.mask(best.where))
        parts = [m for m in inside.places(1) if m.where[0][0] not in dict(best.where)]
        scored = []
        for part in parts:
            others = inside.kept(~inside.mask(part.where)).whole()
            gap = against(part.change, others.change)
            still = others.p > ALPHA or others.z * best.z <= 0
            if part.z * best.z > 0 and gap * best.z > 0 and still and gap * gap > _critical(len(parts)):
                scored.append((abs(gap), part))
        if not scored:
            return best
        best = rest.of((*best.where, *max(scored, key=lambda one: one[0])[1].where))
    return best


def _critical(tests: int) -> float:
    """z^2 that one of so many tests must exceed, at 5 % for all of them (Bonferroni)."""
    from scipy import stats

    return float(stats.norm.isf(ALPHA / 2 / max(tests, 1)) ** 2)
