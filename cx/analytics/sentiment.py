"""How comments sound, from -1 (negative) to 1 (positive), in English, German, French and Spanish, without a network.

Word strengths with rules for negation, emphasis and "but", as VADER has them (Hutto & Gilbert, ICWSM 2014).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from cx.analytics.lexicon import EMOJI, LANGUAGES, Lexicon, lexicon
from cx.errors import MeasureError

POSITIVE, NEGATIVE = 0.05, -0.05
ALPHA = 15.0  # VADER's constant: how fast strengths add up to certainty
REACH = 3
FLIP = -0.74
EMPHASIS = 0.29
BARE = -1.0
LACKING = ("without", "ohne", "sans", "sin")
WORD = re.compile(r"\w+(?:-\w+)*")
EMOTICON = re.compile("|".join(re.escape(sign) for sign in sorted(EMOJI, key=len, reverse=True)))


def language_of(text: str) -> str | None:
    """The likely language of a comment among those known, by its function words; None where nothing tells.

    >>> language_of("Die Lieferung war pünktlich und gut"), language_of("ok")
    ('de', None)
    """
    words = WORD.findall(text.lower())
    best = sorted(((sum(w in lexicon(code).function for w in words), code) for code in LANGUAGES), reverse=True)
    if best[0][0] == 0 or best[0][0] == best[1][0]:
        known = sorted(((sum(_strength(lexicon(code), w) is not None for w in words), code) for code in LANGUAGES), reverse=True)
        return known[0][1] if known[0][0] > known[1][0] else None
    return best[0][1]


def _strength(book: Lexicon, word: str) -> float | None:
    found = book.words.get(word)
    if found is not None:
        return found
    for end in range(len(word), 2, -1):
        found = book.stems.get(word[:end])
        if found is not None:
            return found
    return None


def _clause(words: list[str], book: Lexicon) -> list[float]:
    """Strengths of a clause, each turned by a negation near it and raised or lowered by emphasis."""
    hits: list[tuple[int, int, float]] = []
    i = 0
    while i < len(words):
        for length in (4, 3, 2):
            phrase = tuple(words[i : i + length])
            if len(phrase) == length and phrase in book.phrases:
                hits.append((i, i + length, book.phrases[phrase]))
                i += length
                break
        else:
            strength = _strength(book, words[i])
            if strength is not None and words[i] not in book.negators:
                hits.append((i, i + 1, strength))
            i += 1
    covered = {place for start, end, _ in hits for place in range(start, end)}
    negations = [place for place, word in enumerate(words) if word in book.negators and place not in covered]
    lacking = [place for place in negations if words[place] in LACKING]
    used = set(lacking)  # "without" says what is not there, which by itself is neither good nor bad
    found = []
    for start, end, strength in hits:
        for place in range(max(start - REACH, 0), start):
            if words[place] in book.boosters and start - place <= 2:
                strength += math.copysign(EMPHASIS, strength)
            elif words[place] in book.dampeners and start - place <= 2:
                strength -= math.copysign(EMPHASIS, strength)
        near = [p for p in negations if start - REACH <= p < start or (book.after and end <= p <= end + 1 and p not in lacking)]
        if near:
            used.update(near)
            strength *= FLIP
        found.append(strength)
    # a negation that negates no word of praise or blame still reports what did not happen: "never rang", "hilft nicht"
    return found + [BARE] * len([p for p in negations if p not in used])


def score(text: Any, language: str | None = None) -> float | None:
    """Sentiment of one comment, -1 to 1; None where there is no text, or its language is not known.

    sum of strengths / sqrt(sum^2 + 15). What stands after "but" counts one and a half times, what stands before half. A
    comment without a word of praise or blame scores 0. `language` is a two-letter code; guessed where not given.

    >>> score("Very friendly, quick help") > 0.5, score("Nicht zufrieden, viel zu teuer") < -0.4, score("Lieferung am Montag", "de")
    (True, True, 0.0)
    """
    if text is None or not isinstance(text, str) or not text.strip():
        return None
    code = (language or "").lower()[:2] if isinstance(language, str) and language else language_of(text)
    if code not in LANGUAGES:
        return None
    book = lexicon(code)
    signs = sum(EMOJI[sign] for sign in EMOTICON.findall(text))
    plain = re.sub(r"n[’']t\b", " not", text.lower())
    clauses = [WORD.findall(part) for part in re.split(r"[.,;:!?\n]+", plain)]
    total, turned = signs, 0.0
    seen_turn = False
    for words in clauses:
        pieces: list[list[str]] = [[]]
        for word in words:
            if word in book.turns:
                pieces.append([])
            pieces[-1].append(word)
        for place, piece in enumerate(pieces):
            if place > 0 or (piece and piece[0] in book.turns):
                seen_turn = True
            amount = sum(_clause(piece, book))
            if seen_turn:
                turned += amount
            else:
                total += amount
    if seen_turn:
        total, turned = 0.5 * total, 1.5 * turned
    whole = total + turned
    whole += math.copysign(min(text.count("!"), 3) * EMPHASIS, whole) if whole else 0.0
    return max(min(whole / math.sqrt(whole * whole + ALPHA), 1.0), -1.0)


def label(value: float | None) -> str:
    """positive, neutral, negative or unknown, at VADER's thresholds of +-0.05.

    >>> label(0.3), label(0.0), label(None)
    ('positive', 'neutral', 'unknown')
    """
    if value is None or not math.isfinite(value):
        return "unknown"
    return "positive" if value >= POSITIVE else "negative" if value <= NEGATIVE else "neutral"


def scores(texts: Iterable[Any], languages: Iterable[Any] | None = None) -> pd.Series:
    """Sentiment of many comments; NaN where unknown. Raises MeasureError where languages are given but not one for each.

    >>> scores(["Great service", None], ["en", "en"]).round(2).tolist()
    [0.46, nan]
    """
    given = list(texts)
    codes = [None] * len(given) if languages is None else [c if isinstance(c, str) else None for c in languages]
    if len(codes) != len(given):
        raise MeasureError("expected a language for each comment", f"found {len(codes)} for {len(given)}", "pair them")
    known: dict[tuple[Any, Any], float | None] = {}
    out = []
    for text, code in zip(given, codes, strict=True):
        key = (text if isinstance(text, str) else None, code)
        if key not in known:
            known[key] = score(*key)
        out.append(known[key])
    return pd.Series(out, dtype=float, name="sentiment")
