"""Needs with their evidence and scores, as the workbenches of customer needs rank them."""

from __future__ import annotations

from dataclasses import dataclass

from cx.analytics.needs import opportunity_band, opportunity_score
from cx.records import lookup
from cx.records.needs import Need, NeedEvidence
from cx.ui.charts import Dot


@dataclass(frozen=True)
class Ranked:
    """A need with its opportunity score (None where importance or satisfaction is not rated) and its evidence, the latest first."""

    need: Need
    score: float | None
    band: str
    evidence: tuple[NeedEvidence, ...]

    @property
    def people(self) -> int:
        """Different customers who are heard in the evidence; evidence without a customer counts one each."""
        return len({e.customer_id or f"#{e.id}" for e in self.evidence})


def ranked(status: tuple[str, ...] = ()) -> list[Ranked]:
    """The needs, the most underserved first; those not rated last."""
    evidence: dict[int, list[NeedEvidence]] = {}
    for row in lookup.records("need_evidence"):
        evidence.setdefault(row.need_id, []).append(row)
    out = []
    for need in lookup.records("need"):
        if status and need.status not in status:
            continue
        rated = need.importance is not None and need.satisfaction is not None
        score = float(opportunity_score(need.importance, need.satisfaction)) if rated else None
        out.append(Ranked(need, score, opportunity_band(score), tuple(evidence.get(int(need.id or 0), ()))))
    return sorted(out, key=lambda r: (r.score is None, -(r.score or 0), -len(r.evidence)))


def worth_doing(rows: list[Ranked]) -> list[Dot]:
    """Impact over effort of the needs that have both, as large as their opportunity."""
    return [Dot(r.need.title, float(r.need.effort), float(r.need.impact), r.score or 1.0) for r in rows if r.need.effort and r.need.impact]


def underserved(rows: list[Ranked]) -> list[Dot]:
    """Satisfaction over importance of the needs that have both, as large as their evidence."""
    return [Dot(r.need.title, float(r.need.importance), float(r.need.satisfaction), 1.0 + len(r.evidence)) for r in rows if r.need.importance and r.need.satisfaction]
