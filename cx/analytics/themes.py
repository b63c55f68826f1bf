"""What comments are about: themes found by TF-IDF and non-negative matrix factorisation, with labels that keep."""

from __future__ import annotations

import math
import re
import unicodedata
import warnings as python_warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from stopwordsiso import langs, stopwords
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cx.analytics.interval import proportion
from cx.errors import MeasureError

FEWEST = 30
SAMPLE = 20_000
TOKEN = r"(?u)\b[^\W\d_]{3,}\b"
BELONGS = 0.25
COMMON = ("en", "de", "fr", "es")
TELLING = {
    "price",
    "service",
    "problem",
    "problems",
    "help",
    "old",
    "new",
    "order",
    "early",
    "quickly",
    "slightly",
    "easy",
    "cost",
    "fast",
    "late",
    "clear",
    "work",
    "works",
    "working",
}
"""Words the English list holds as too common to matter that matter in a customer's comment."""


@dataclass(frozen=True)
class Themes:
    """`table`: a row a theme with label, words, n, share, low, high (percent of the comments), example comments.

    `assigned`: for each comment the label of its main theme, or None; `weights`: comments by themes. The label of a theme
    is its three weightiest words in alphabetical order, so that it does not change when their weights change a little.
    """

    table: pd.DataFrame
    assigned: pd.Series
    weights: pd.DataFrame
    n: int
    empty: int
    sentence: str
    warnings: tuple[str, ...] = ()


@cache
def stop_words(languages: tuple[str, ...] = COMMON) -> frozenset[str]:
    """Words too common to tell anything, in any of the languages, as the vectoriser sees them; unknown languages have none."""
    known = [code for code in languages if code in langs()]
    words = {word for code in known for word in stopwords(code)} - TELLING
    return frozenset(part for word in words for part in re.findall(TOKEN, word.lower()))


def _texts(comments: Any) -> pd.Series:
    if isinstance(comments, str):
        raise MeasureError("expected many comments", "found one text", "give a column")
    given = pd.Series(comments.to_pandas() if hasattr(comments, "to_pandas") else list(comments), dtype=object).reset_index(drop=True)
    clean = given.map(lambda t: unicodedata.normalize("NFC", t).strip() if isinstance(t, str) else "")
    return clean


def themes(
    comments: Iterable[Any], *, count: int | None = None, languages: Sequence[str] = COMMON, most: int = 12, examples: int = 3, seed: int = 1
) -> Themes:
    """Themes of comments in one language or several.

    TF-IDF over words and pairs of words (sub-linear counts, stop words of `languages` left out, words in fewer than
    about one comment in 400 dropped), factorised by NMF from a deterministic start (NNDSVD), so that equal comments give equal
    themes in any order. `count` None: about sqrt(n) / 4 themes, 3 to `most`. A comment belongs to its strongest theme where
    that takes a quarter of its weight or more; else to none. Above 20,000 comments the themes are learnt on a sample of them
    (fixed seed) and applied to all. Examples are the comments closest to a theme. Fewer than 30 comments with words give no
    themes and the reason. Comments in different languages form different themes: split by language first to compare.
    Source: Lee & Seung, Nature 401 (1999); Boutsidis & Gallopoulos (2008).
    """
    texts = _texts(comments)
    filled = texts[texts != ""]
    n, empty = len(filled), len(texts) - len(filled)
    if count is not None and count < 1:
        raise MeasureError("expected one theme or more", f"found {count}", "correct it")
    nothing = pd.DataFrame(columns=["label", "words", "n", "share", "low", "high", "examples"])
    none = pd.Series([None] * len(texts), dtype=object, name="theme")
    if n < FEWEST:
        reason = f"{n} comments are too few: {FEWEST} or more are needed"
        return Themes(nothing, none, pd.DataFrame(index=texts.index), n, empty, f"No themes: {reason}.", (reason,))
    unique = filled.drop_duplicates().sort_values()  # sorted, so that the order of arrival does not matter
    learnt = unique if len(unique) <= SAMPLE else unique.sample(SAMPLE, random_state=seed).sort_values()
    least = max(2, round(len(learnt) / 400))
    vectors = TfidfVectorizer(
        lowercase=True, token_pattern=TOKEN, stop_words=sorted(stop_words(tuple(languages))), ngram_range=(1, 2), min_df=min(least, max(len(learnt) // 3, 1)), max_df=0.5,
        sublinear_tf=True, max_features=4000,
    )  # fmt: skip
    with python_warnings.catch_warnings(), threadpool_limits(1):
        python_warnings.simplefilter("ignore")  # a factorisation stopped after 400 rounds is good enough to read
        try:
            matrix = vectors.fit_transform(learnt)
        except ValueError:
            reason = "the comments have no words in common"
            return Themes(nothing, none, pd.DataFrame(index=texts.index), n, empty, f"No themes: {reason}.", (reason,))
        k = min(count or min(max(round(math.sqrt(n) / 4), 3), most), *matrix.shape)
        model = NMF(k, init="nndsvd", max_iter=400, tol=1e-3).fit(matrix)
        weights = model.transform(vectors.transform(filled))
    names = vectors.get_feature_names_out()
    scale = np.linalg.norm(model.components_, axis=1)
    weights = weights * scale
    words = [_words(model.components_[i], names) for i in range(k)]
    labels = _labels(words)
    total = weights.sum(axis=1, keepdims=True)
    share = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    main = share.argmax(axis=1)
    held = share.max(axis=1) >= BELONGS
    assigned = (
        pd.Series([labels[m] if ok else None for m, ok in zip(main, held, strict=True)], index=filled.index, dtype=object)
        .reindex(texts.index)
        .rename("theme")
    )
    assigned = assigned.astype(object).where(assigned.notna(), None)
    rows = []
    for i in range(k):
        mine = np.flatnonzero(held & (main == i))
        # the purest comments first, and of those the ones that say most about the theme
        best = mine[np.lexsort((filled.iloc[mine].to_numpy(), -weights[mine, i] * share[mine, i]))] if len(mine) else mine
        shown = list(dict.fromkeys(filled.iloc[best[: examples * 5]]))[:examples]
        part = proportion(len(mine), n)
        rows.append(
            {"label": labels[i], "words": words[i], "n": len(mine), "share": part.value, "low": part.low, "high": part.high, "examples": shown}
        )
    table = pd.DataFrame(rows, columns=list(nothing.columns)).sort_values(["n", "label"], ascending=[False, True], ignore_index=True)
    table = table[table["n"] > 0].reset_index(drop=True)
    left = int((~held).sum())
    warnings = (f"{100 * left / n:.0f} % of the comments belong to no theme",) if left > 0.3 * n else ()
    first = table.iloc[0] if len(table) else None
    sentence = (
        f"The largest of {len(table)} themes is {first['label']} with {first['share']:.0f} % of {n} comments."
        if first is not None
        else "No theme stands out."
    )
    return Themes(table, assigned, pd.DataFrame(share, index=filled.index, columns=labels), n, empty, sentence, warnings)


def _words(row: Any, names: Any, most: int = 8) -> list[str]:
    """The weightiest words; a word that is part of a pair already taken is not repeated."""
    found: list[str] = []
    for at in np.argsort(-row, kind="stable"):
        word = str(names[at])
        if row[at] <= 0 or len(found) == most:
            break
        if not any(set(word.split()) & set(other.split()) for other in found):
            found.append(word)
    return found


def _labels(words: list[list[str]]) -> list[str]:
    """A label a theme: its first three words in alphabetical order; a number is added where two are the same."""
    seen: dict[str, int] = {}
    out = []
    for found in words:
        name = ", ".join(sorted(found[:3])) or "(other)"
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out
