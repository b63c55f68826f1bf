"""A question in plain words, taken apart: which dataset and which two of its variables it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cx.facts.datasets import DATASETS
from cx.ui import variables

# Words people use for what the data calls otherwise.
SYNONYMS = {
    "reply": "reply_hours", "respond": "reply_hours", "answered": "reply_hours", "wait": "reply_hours", "solved": "resolution_hours", "solution": "resolution_hours", "resolve": "resolution_hours",
    "recommend": "score_nps", "nps": "score_nps", "loyal": "score_nps", "loyalty": "score_nps", "csat": "score_csat", "satisfied": "score_csat", "ease": "score_ces", "effort": "score_ces",
    "late": "late", "delay": "late_days", "won": "status", "win": "status", "churn": "left", "leave": "left", "leaving": "left", "reason": "category", "courier": "supplier", "learn": "gain",
    "spend": "spend_minor", "price": "amount_minor", "amount": "amount_minor", "expensive": "cost_minor", "duration": "work_hours", "size": "size",
}  # fmt: skip
IGNORED = frozenset(["a", "an", "the", "of", "for", "is", "are", "do", "does", "did", "has", "have", "by", "on", "in", "with", "than", "to", "who", "which", "how", "what", "when", "it", "its", "there", "between", "more", "less", "differ", "differs", "depend", "depends", "related", "and", "or", "if", "our", "any", "at", "time", "times", "customers", "customer"])


@dataclass(frozen=True)
class Match:
    """What was understood: dataset, two variables in the order they were named."""

    dataset: str
    first: str
    second: str
    sure: float


def stem(word: str) -> str:
    """A word without its ending, so that countries meets country.

    >>> stem("countries"), stem("channels"), stem("reopened")
    ('countr', 'channel', 'reopen')
    """
    for ending in ("ies", "ing", "ed", "es", "y", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def understood(question: str, datasets: Sequence[str]) -> Match | None:
    """The dataset in which most of the question's words name variables; None where no two are recognised."""
    asked = [w for w in re.findall(r"[a-z]+", question.lower()) if w not in IGNORED]
    best: Match | None = None
    for name in datasets:
        known = {k: v for k, v in variables.variables(name).items() if v.kind != "moment"}
        words = {k: {stem(w) for w in re.findall(r"[a-z]+", f"{v.title} {k}".lower()) if w not in IGNORED} for k, v in known.items()}
        hits: list[str] = []
        worth = 0.5 if any(stem(w) in {stem(x) for x in re.findall(r"[a-z]+", f"{name} {DATASETS[name].title}".lower())} for w in asked) else 0.0
        for word in asked:
            direct = SYNONYMS.get(word)
            if direct in known:
                match: str | None = direct
            else:
                fits = [(1 / len(words[k]), k) for k in known if stem(word) in words[k]]
                match = max(fits)[1] if fits else None
            if match and match not in hits:
                hits.append(match)
                worth += 1.0
        if len(hits) >= 2 and (best is None or worth > best.sure):
            best = Match(name, hits[0], hits[1], worth)
    return best
