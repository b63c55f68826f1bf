"""Customers who seem to stand in the data twice: pairs with a likeness, the reason in words, and which one to keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

FORMS = frozenset(["ltd", "limited", "inc", "llc", "plc", "corp", "co", "company", "gmbh", "ag", "kg", "ohg", "ug", "bv", "nv", "sarl", "sas", "sa", "sl", "srl", "spa", "oy", "ab", "as", "aps"])
LARGEST_BLOCK = 40  # a name that more than so many bear tells nobody apart
ALIKE = 88.0
LIKELIHOOD = {"e-mail": 97.0, "company": 90.0, "spelling": 75.0}


@dataclass(frozen=True)
class Pair:
    """Two customers taken for one: `kept` is the one with more known about it (the older one where equal)."""

    kept: str
    merged: str
    likeness: float
    reason: str


def plain(text: object) -> str:
    """A name without case, accents, punctuation and legal form, its words in order.

    >>> plain("  Müller, Jürgen "), plain("Atlas Studios Ltd.")
    ('jurgen muller', 'atlas studios')
    """
    letters = unicodedata.normalize("NFKD", str(text or "").replace("ß", "ss").casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c)))
    return " ".join(sorted(w for w in words if w not in FORMS) or sorted(words))


def mailbox(address: object) -> str:
    """An e-mail address as its mailbox: no case, no +tag; empty where it is none.

    >>> mailbox("Ada+News@Example.com"), mailbox("none")
    ('ada@example.com', '')
    """
    name, at, domain = str(address or "").strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}" if at and name and domain else ""


def pairs(customers: Sequence[Mapping[str, Any]], least: float = 70.0) -> list[Pair]:
    """Pairs of customers taken for one, the likeliest first.

    `customers`: rows with customer_id and, as far as known, name, email, company, country, joined_at. A pair is proposed
    where the mailbox is the same (97, less 12 where the names have nothing in common), where name, company and country
    are the same (90), or where name and company are spelt at least 88 % alike in the same country (75 and more by likeness).
    The same name alone is never enough: two people may share one. Likeness is a rank of plausibility, not a probability.
    Blocks of more than 40 customers are skipped. Names are compared by token-sort ratio (RapidFuzz).
    """
    rows = [dict(row) for row in customers if row.get("customer_id")]
    found: dict[tuple[int, int], tuple[float, str]] = {}
    names, firms = [plain(r.get("name")) for r in rows], [plain(r.get("company")) for r in rows]

    def propose(i: int, j: int, likeness: float, reason: str) -> None:
        if likeness >= least and likeness > found.get((i, j), (0.0, ""))[0]:
            found[i, j] = (likeness, reason)

    for i, j in _blocks([mailbox(r.get("email")) for r in rows]):
        strange = bool(names[i] and names[j]) and fuzz.token_sort_ratio(names[i], names[j]) < 50
        propose(i, j, LIKELIHOOD["e-mail"] - (12 if strange else 0), f"same e-mail address{', but different names' if strange else ''}")
    for i, j in _blocks([f"{f}|{r.get('country') or ''}" if f else "" for f, r in zip(firms, rows, strict=True)]):
        alike = fuzz.ratio(names[i], names[j]) if names[i] and names[j] else 0.0
        if alike == 100:
            propose(i, j, LIKELIHOOD["company"], "same name, company and country")
        elif alike >= ALIKE:
            propose(i, j, LIKELIHOOD["spelling"] + (alike - ALIKE), f"names {alike:.0f} % alike at the same company and country")
    out = []
    for (i, j), (likeness, reason) in found.items():
        keep, merge = sorted((rows[i], rows[j]), key=_worth)
        out.append(Pair(str(keep["customer_id"]), str(merge["customer_id"]), round(likeness, 1), reason))
    return sorted(out, key=lambda p: (-p.likeness, p.kept, p.merged))


def _blocks(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    members: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        if key:
            members.setdefault(key, []).append(i)
    for block in members.values():
        if 1 < len(block) <= LARGEST_BLOCK:
            yield from combinations(block, 2)


def _worth(row: Mapping[str, Any]) -> tuple[int, str, str]:
    known = sum(v not in (None, "") for v in row.values())
    return -known, str(row.get("joined_at") or "9999"), str(row["customer_id"])
