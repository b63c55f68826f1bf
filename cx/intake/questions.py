"""What a survey column asks: recommendation, effort, satisfaction, another rating, an open question, a choice."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cx.intake.columns import Content
from cx.intake.plan import SCORES, Ask, Column, Options
from cx.intake.scores import NONE, read
from cx.intake.tools.tool import Known, Source
from cx.intake.words import COMMENT, EFFORT, EFFORT_BETTER, EFFORT_WORSE, RATE, RECOMMEND, SATISFIED, likert, plain

STATED = re.compile(
    r"(?<![\d.,/-])(-?\d{1,2}|100)\s*(?:-|–|—|to|bis|à|a|al|até|\.{2,3}|=[^0-9]{1,60})\s*(?:\(?\s*)(\d{1,3})(?![\d.,/]*\d)", re.IGNORECASE
)
UNSAID = frozenset({"score", "rating", "value", "wert", "note", "bewertung", "puntuacion", "nota", "punkte", "scores", "ratings"})
RANK = re.compile(r"\brank(ing|ed)?\b|\brang|reihenfolge|classe[zr]|orden de prefer|ordene|ordem de prefer")
TOPS = (5, 7, 10)
MANY = 50
LABELS = 22


@dataclass(frozen=True)
class Numbers:
    """Scores among the distinct values: value -> count, which carry a label, the highest written with them, the others."""

    counts: dict[float, int]
    labels: dict[float, str]
    top: float | None
    other: int
    words: tuple[tuple[str, float], ...] = ()
    family: str = ""
    points: int = 0
    shared: bool = False

    @property
    def n(self) -> int:
        """How many cells are scores."""
        return sum(self.counts.values())

    @property
    def share(self) -> float:
        """Share of filled cells that are scores."""
        return self.n / max(1, self.n + self.other)


def numbers(content: Content, missing: tuple[str, ...], points: int = 0) -> Numbers:
    """Read every distinct value as a score, in words where all belong to one answer scale (of `points`, where said)."""
    values = {v: n for v, n in content.values.items() if v.casefold() not in NONE and v not in missing}
    family = likert(set(values), points) if len(values) <= 12 else None
    words = family[2] if family else None
    counts: dict[float, int] = {}
    labels: dict[float, str] = {}
    labels_seen: dict[str, tuple[float, int]] = {}
    top: float | None = None
    other = content.filled if content.more else 0
    for text, n in values.items() if not content.more else ():
        found = read(text, words)
        if found is None:
            other += n
            continue
        counts[found[0]] = counts.get(found[0], 0) + n
        if found[1]:
            labels[found[0]] = found[1]
            labels_seen[text] = (found[0], n)
        if found[2] is not None:
            top = max(top or 0.0, found[2])
    if len(labels_seen) > LABELS:
        for value, n in labels_seen.values():
            counts[value] -= n
            other += n
            labels.pop(value, None)
        counts = {value: n for value, n in counts.items() if n}
    if family:
        return Numbers(counts, {}, None, other, tuple(sorted(family[2].items())), family[0], family[1], _shared(set(values)))
    return Numbers(counts, labels, top, other)


def _shared(values: set[str]) -> bool:
    """Whether the words stand on a scale of five and on one of seven points at different places."""
    five, seven = likert(values, 5), likert(values, 7)
    if not five or not seven or (five[1], seven[1]) != (5, 7):
        return False
    return any((five[2][plain(v)] - 1) / 4 != (seven[2][plain(v)] - 1) / 6 for v in values)


def stated(text: str) -> tuple[float, float] | None:
    """The scale a question names, such as "0-10", "1 bis 7", "1 = not at all … 5".

    >>> stated("How likely are you (0 to 10)?"), stated("Wie zufrieden, von 1 bis 5"), stated("In 2024-25, how many?")
    ((0.0, 10.0), (1.0, 5.0), None)
    """
    for low, high in STATED.findall(text):
        if int(low) in (0, 1) and int(high) in (3, 4, 5, 6, 7, 9, 10, 11, 100):
            return float(low), float(high)
    return None


def bounds(found: Numbers) -> tuple[float, float]:
    """The smallest usual scale that holds the scores, strays left aside: few above 10, or rare ones above 5 or 7."""
    n = found.n
    above = sum(c for v, c in found.counts.items() if v > 10)
    if above > 0.3 * n:
        return 0.0, 100.0 if max(found.counts) <= 100 else max(found.counts)
    inside = {v: c for v, c in found.counts.items() if 0 <= v <= 10} or {1.0: 1}
    for top in TOPS:
        beyond = sum(c for v, c in inside.items() if v > top)
        if not beyond or (n >= MANY and beyond < 0.02 * n):
            break
    zeros = inside.get(0.0, 0)
    low = 0.0 if zeros and not (n >= MANY and zeros < 0.002 * n) else 1.0
    if max(inside) <= 1 and low == 0:
        return 0.0, 1.0
    return low, float(top)


def question(source: Source, content: Content, known: Known | None, wanted: str, options: Options, missing: tuple[str, ...]) -> tuple[Column, list[str], list[Ask]]:
    """How one column is read, what to warn of, and what to ask. `wanted` is the type the user or the tool gives it."""
    text = plain(f"{source.text} {source.sub} {source.code}")
    found = numbers(content, missing, int(options.scale[1]) if options.scale else 0)
    column = Column(source.code, _title(source), "property", (source.index,), n=content.filled, seen=content.seen, example=content.example(), missing=missing)
    if found.counts and found.share >= 0.5 and wanted in ("", *SCORES):
        column = replace(column, low=min(found.counts), high=max(found.counts))
    if wanted and wanted not in SCORES:
        return replace(column, field=wanted, why="as you said" if source.code in options.columns else "its header", certainty=1.0), [], []
    if plain(source.code).endswith("nps group"):
        return replace(column, field="ignore", why="group derived from the score beside it", certainty=0.99), [], []
    kind, why, certainty = (wanted, "as you said" if source.code in options.columns else "the tool says so", 1.0) if wanted else _kind(text, source, found, content)
    if kind in SCORES:
        return score(replace(column, field=kind, why=why, certainty=certainty), text, source, found, known, options)
    return replace(column, field=kind, why=why, certainty=certainty), [], []


def _title(source: Source) -> str:
    return f"{source.text} - {source.sub}" if source.sub and source.sub not in source.text else source.text


def _kind(text: str, source: Source, found: Numbers, content: Content) -> tuple[str, str, float]:
    """(type, why, certainty) from words and values. A column merely called score is left to be decided: see `survey`."""
    if plain(source.code) in UNSAID and found.counts and found.share >= 0.5:
        return "choice", "scores of a question that is not named", 0.4
    numeric = bool(found.counts) and found.share >= (0.5 if found.n < MANY else 0.8)
    scale = numeric and sum(n for v, n in found.counts.items() if -1 <= v <= 100) >= 0.5 * found.n and len(found.counts) <= 101
    if scale and not source.code.upper().endswith("_TEXT"):
        whole = "its values are scores" if not found.family else f"its values are words of {found.family}"
        if found.family == "frequency" and not RECOMMEND.search(text):
            return "choice", "values are words of frequency", 0.7
        if RANK.search(text):
            return "choice", "it asks for a ranking", 0.7
        if set(found.counts) <= {0.0, 1.0} and not found.top and stated(source.text) is None and "nps" not in text.split():
            return "choice", "its values are yes and no", 0.6
        if RECOMMEND.search(text):
            return "nps", f"it asks about recommending and {whole}", 0.95
        if SATISFIED.search(text) and not EFFORT_WORSE.search(text) and not EFFORT.search(text):
            return "csat", f"it asks about satisfaction and {whole}", 0.9
        if EFFORT_WORSE.search(text) or EFFORT_BETTER.search(text) or EFFORT.search(text) or found.family == "ease":
            return "ces", f"it asks about effort or ease and {whole}", 0.9
        if SATISFIED.search(text) or found.family == "satisfaction":
            return "csat", f"it asks about satisfaction and {whole}", 0.9
        if found.family or (RATE.search(text) and max(found.counts) <= 100):
            return "rating", whole if found.family else f"it asks for a rating and {whole}", 0.7
        if stated(f"{source.text} {source.sub}"):
            return "rating", "its text names a scale", 0.7
        labelled = {v for v in found.counts if v in found.labels}
        if found.top or (len(found.counts) >= 2 and labelled and max(found.counts) <= 10):
            return "rating", "its values are written as scores", 0.6
    distinct = len(content.values)
    if COMMENT.search(text) and not numeric and (content.width() > 12 or distinct > 0.5 * content.filled):
        return "comment", "it asks for a remark in own words", 0.85
    if not source.code.upper().endswith("_TEXT") and _several(content):
        return "choice", "its values are lists of a few options", 0.6
    if source.code.upper().endswith("_TEXT") or content.more or (content.width() > 40 and distinct > min(20, 0.2 * content.filled)) or (not numeric and distinct > 20 and distinct > 0.5 * content.filled and content.width() > 15):
        return "text", "its values are sentences", 0.6
    return "choice", f"{distinct} distinct values", 0.4


def _several(content: Content) -> bool:
    """Whether cells list several of a few options, joined by ";" or ", "."""
    if content.more or content.filled < 10:
        return False
    for separator in (";", ", "):
        parts: dict[str, int] = {}
        for value, n in content.values.items():
            for part in value.split(separator):
                if part.strip():
                    parts[part.strip()] = parts.get(part.strip(), 0) + n
        if len(parts) > 1 and any(separator in v for v in content.values) and sum(n >= 3 for n in parts.values()) >= 2:
            usual = sum(n for n in parts.values() if n >= 3)
            if usual >= 0.8 * sum(parts.values()) and len(parts) < 0.6 * len(content.values) + 15:
                return True
    return False


def score(column: Column, text: str, source: Source, found: Numbers, known: Known | None, options: Options) -> tuple[Column, list[str], list[Ask]]:
    """Scale and polarity of a score column. Nothing is assumed in silence: a guess warns, what cannot be told is asked."""
    warnings: list[str] = []
    asks: list[Ask] = []
    said = stated(f"{source.text} {source.sub} {source.code}")
    kind, name = column.field, column.name
    chosen = source.code in options.columns
    if found.family:
        low, high = 1.0, float(found.points)
        column = replace(column, words=found.words)
        if not options.scale and found.points == 5 and found.shared:
            warnings.append(f"the answers to {name!r} are words that five and seven points share: read on five; --scale 1-7 changes it")
    elif options.scale:
        low, high = options.scale
    elif known:
        low, high = known.low, known.high
    elif said:
        low, high = said
    elif kind == "nps":
        low, high = 0.0, 10.0
    else:
        low, high = bounds(found)
        if found.top:
            low, high = (0.0 if found.top == 100 or found.counts.get(0.0) else 1.0), found.top
    ends = _ends(found)
    if not found.family and not options.scale and not known and not said and ends is not None and not (kind == "nps" and chosen):
        if isinstance(ends, str):
            asks.append(Ask("scale", ("0-10", "1-10", "1-7", "1-5"), name, f"expected both ends of the scale of {name!r}", f"found only {ends} with a label", "say --scale LOW-HIGH"))
        else:
            low, high = ends
    if kind == "nps" and not found.family:
        inside = {v for v in found.counts if 0 <= v <= 10}
        if options.scale or chosen or said or known:
            standard = (low, high) == (0.0, 10.0)
        else:
            standard = not (1.0 in inside and 0.0 not in inside)
            low = 0.0 if standard else 1.0
            over = [v for v in inside if v > 7]
            if standard and not over and max(inside, default=10.0) <= 5 and found.n >= 10:
                standard, (low, high) = False, bounds(found)
        if not standard:
            column = replace(column, field="rating", why=column.why + f", but on a scale of {low:g} to {high:g}")
            warnings.append(
                f"{name!r} asks about recommending but its answers run from {low:g} to {high:g}: read as a rating, not as NPS; "
                "if the scale is 0 to 10 and nobody chose 0, say --scale 0-10"
            )
            kind = "rating"
    elif kind == "nps" and found.family:
        column = replace(column, field="rating")
        warnings.append(f"{name!r} asks about recommending in words, not from 0 to 10: read as a rating, not as NPS")
        kind = "rating"
    better: bool | None = True
    if kind == "ces":
        better, warning, ask = _polarity(name, text, high, found, known, options)
        warnings += [warning] if warning else []
        asks += [ask] if ask else []
    elif known:
        better = known.better
    return replace(column, scale_min=low, scale_max=high, higher_is_better=better), warnings, asks


def _ends(found: Numbers) -> tuple[float, float] | str | None:
    """Both labelled ends, the name of the only one, or None where labels tell nothing about the scale."""
    plain_values = [v for v in found.counts if v not in found.labels]
    if not found.labels or not plain_values or found.top:
        return None
    low, high = min(found.counts), max(found.counts)
    if low in found.labels and high in found.labels and len(found.labels) >= 2:
        return low, high
    if low == 0 and high == 10:
        return None
    return f"the {'highest' if high in found.labels else 'lowest' if low in found.labels else 'middle'} answer"


def _polarity(name: str, text: str, high: float, found: Numbers, known: Known | None, options: Options) -> tuple[bool | None, str, Ask | None]:
    """(higher is better, warning, question) of an effort question."""
    if options.effort:
        return options.effort == "higher-is-better", "", None
    if known:
        return known.better, "", None
    better, worse = EFFORT_BETTER.search(text), EFFORT_WORSE.search(text)
    label = plain(found.labels.get(max(found.labels), "")) if found.labels else ""
    if label and max(found.labels) >= high:
        agreed = re.search(r"easy|agree|einfach|leicht|zustimm|stimme|facile|d accord|facil|acuerdo|concordo", label)
        hard = re.search(r"difficult|hard|effort|disagree|schwer|schwierig|aufwand|muhe|difficile|dificil|esfuerzo|esforco|desacuerdo|discordo", label)
        if bool(agreed) != bool(hard):
            return bool(agreed), f"{name!r}: higher is read as {'less' if agreed else 'more'} effort, from the label {found.labels[max(found.labels)]!r}; --effort changes it", None
    if found.family == "ease" or (better and not worse):
        return True, f"{name!r}: a higher score is read as less effort, because it asks how easy it was; --effort higher-is-worse changes it", None
    if worse and not better:
        return False, f"{name!r}: a higher score is read as more effort, because it asks how much effort or how difficult it was; --effort higher-is-better changes it", None
    ask = Ask(
        "effort", ("higher-is-better", "higher-is-worse"), name,
        f"expected to know whether a higher score in {name!r} means less effort or more", "found nothing in its wording that tells",
        "say --effort higher-is-better or --effort higher-is-worse",
    )  # fmt: skip
    return None, "", ask
