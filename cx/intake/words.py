"""Words by which questions and answers are known, in English, German, French, Spanish and Portuguese."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower case, no accents, HTML undone, anything else than letters and digits a single space.

    >>> plain("Customer ID"), plain("customerId"), plain("Erw&auml;gung?")
    ('customer id', 'customer id', 'erwagung')
    """
    text = re.sub(r"<[^>]{0,200}>", " ", html.unescape(text)).replace("\ufeff", "")
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", text).strip()


def shown(text: str) -> str:
    """A header as people should see it: without tags and entities, blanks as one space.

    >>> shown("<b>Welche</b> Kan&auml;le\\n nutzen Sie?")
    'Welche Kanäle nutzen Sie?'
    """
    bare = html.unescape(re.sub(r"</?[A-Za-z][^<>]{0,200}>", " ", text)).replace("\ufeff", "")
    return re.sub(r"\s+([?!.,;:])", r"\1", re.sub(r"\s+", " ", bare)).strip()


RECOMMEND = re.compile(
    r"\bnps\b|net promoter|recommend|weiterempf|empfehl|recommand|recomend|recomiend|indicar(ia)? (a|o|nos)",
)
EFFORT_WORSE = re.compile(
    r"how much effort|effort did you|how difficult|how hard|wie viel (aufwand|muhe)|wie (schwierig|schwer|aufwandig)|combien d effort|quel effort|"
    r"(difficile|difficult[ey]) (a|il|etait)|cuanto esfuerzo|que tan dificil|quanto esforco|quao dificil",
)
EFFORT_BETTER = re.compile(
    r"made it easy|easy (for me|to|was|it|did)|\bhow easy\b|easily|ease of|easier|wie (einfach|leicht)|(einfach|leicht) gemacht|"
    r"(es|war) (mir )?(sehr )?(einfach|leicht)|facile|facilite|facilement|que tan facil|fue facil|facil|facilit",
)
EFFORT = re.compile(r"\bces\b|customer effort|effort score|\beffort\b|aufwand|esfuerzo|esforco|\bmuhe\b")
SATISFIED = re.compile(
    r"\bcsat\b|satisf|zufrieden|satisfacc|satisfac|contento|happy (are|were) you|how happy",
)
RATE = re.compile(
    r"\brat(e|ing|ings)\b|\bscores?\b|\bstars?\b|bewert|\bnoten?\b|sterne|\bnotez?\b|evalue|etoiles|califi|puntu|valore|estrellas|avali|nota|estrelas|"
    r"how (likely|well|good|often)|agree|likelihood|wahrscheinlich|probab",
)
COMMENT = re.compile(
    r"comment|feedback|remark|suggest|reason|\bwhy\b|tell us|anything else|improve|verbatim|explain|describe|open ended|what could|"
    r"kommentar|anmerkung|grund|warum|weshalb|begrund|verbesser|vorschlag|mitteilen|"
    r"commentaire|remarque|pourquoi|raison|ameliorer|suggestion|comentario|por que|razon|motivo|mejorar|sugerencia|observa|melhorar|sugest",
)



def _family(points: int, *languages: str) -> dict[str, float]:
    table: dict[str, float] = {}
    for language in languages:
        for rank, step in enumerate(language.split("|"), 1):
            for word in step.split("/"):
                table[plain(word)] = rank
    assert max(table.values()) == points
    return table


LIKERT: tuple[tuple[str, int, dict[str, float]], ...] = (
    ("agreement", 7, _family(
        7,
        "strongly disagree|disagree|somewhat disagree/slightly disagree|neither agree nor disagree/neutral/undecided|"
        "somewhat agree/slightly agree|agree|strongly agree",
        "stimme überhaupt nicht zu/stimme gar nicht zu|stimme nicht zu|stimme eher nicht zu|weder noch/teils teils/neutral|stimme eher zu|stimme zu|"
        "stimme voll und ganz zu/stimme völlig zu",
        "pas du tout d'accord|pas d'accord|plutôt pas d'accord|ni d'accord ni pas d'accord/neutre|plutôt d'accord|d'accord|tout à fait d'accord",
        "totalmente en desacuerdo/muy en desacuerdo|en desacuerdo|algo en desacuerdo|ni de acuerdo ni en desacuerdo/neutral|algo de acuerdo|de acuerdo|"
        "totalmente de acuerdo/muy de acuerdo",
        "discordo totalmente|discordo|discordo parcialmente|nem concordo nem discordo/neutro|concordo parcialmente|concordo|concordo totalmente",
    )),
    ("agreement", 5, _family(
        5,
        "strongly disagree/completely disagree|disagree/somewhat disagree/tend to disagree|"
        "neither agree nor disagree/neutral/undecided|agree/somewhat agree/tend to agree|strongly agree/completely agree",
        "stimme überhaupt nicht zu/stimme gar nicht zu/trifft überhaupt nicht zu/trifft nicht zu|stimme nicht zu/stimme eher nicht zu/trifft eher nicht zu|"
        "weder noch/teils teils/neutral/unentschieden|stimme zu/stimme eher zu/trifft eher zu|"
        "stimme voll und ganz zu/stimme völlig zu/trifft voll und ganz zu/trifft voll zu/trifft zu",
        "pas du tout d'accord|pas d'accord/plutôt pas d'accord|ni d'accord ni pas d'accord/neutre|d'accord/plutôt d'accord|tout à fait d'accord",
        "totalmente en desacuerdo/muy en desacuerdo|en desacuerdo|ni de acuerdo ni en desacuerdo/neutral|de acuerdo|totalmente de acuerdo/muy de acuerdo",
        "discordo totalmente|discordo/discordo parcialmente|nem concordo nem discordo/neutro|concordo/concordo parcialmente|concordo totalmente",
    )),
    ("satisfaction", 7, _family(
        7,
        "extremely dissatisfied/very dissatisfied|dissatisfied/moderately dissatisfied|somewhat dissatisfied/slightly dissatisfied|"
        "neither satisfied nor dissatisfied/neutral|somewhat satisfied/slightly satisfied|satisfied/moderately satisfied|extremely satisfied/very satisfied",
    )),
    ("satisfaction", 5, _family(
        5,
        "very dissatisfied/very unsatisfied/extremely dissatisfied|dissatisfied/unsatisfied/somewhat dissatisfied|neither satisfied nor dissatisfied/neutral|"
        "satisfied/somewhat satisfied|very satisfied/extremely satisfied",
        "sehr unzufrieden|unzufrieden/eher unzufrieden|weder zufrieden noch unzufrieden/neutral/teils teils|zufrieden/eher zufrieden|sehr zufrieden",
        "très insatisfait/pas du tout satisfait/très insatisfaite|insatisfait/plutôt insatisfait/insatisfaite|ni satisfait ni insatisfait/neutre|"
        "satisfait/plutôt satisfait/satisfaite|très satisfait/très satisfaite/tout à fait satisfait",
        "muy insatisfecho/muy insatisfecha|insatisfecho/insatisfecha|ni satisfecho ni insatisfecho/neutral|satisfecho/satisfecha|muy satisfecho/muy satisfecha",
        "muito insatisfeito/muito insatisfeita|insatisfeito/insatisfeita|nem satisfeito nem insatisfeito/neutro|satisfeito/satisfeita|"
        "muito satisfeito/muito satisfeita",
    )),
    ("likelihood", 5, _family(
        5,
        "very unlikely/extremely unlikely/not at all likely|unlikely/somewhat unlikely|neutral/neither likely nor unlikely|likely/somewhat likely|"
        "very likely/extremely likely",
        "sehr unwahrscheinlich|unwahrscheinlich/eher unwahrscheinlich|neutral|wahrscheinlich/eher wahrscheinlich|sehr wahrscheinlich",
        "très improbable|improbable/peu probable|neutre|probable|très probable",
        "muy improbable/nada probable|improbable/poco probable|neutral|probable|muy probable",
        "muito improvável|improvável|neutro|provável|muito provável",
    )),
    ("ease", 7, _family(
        7,
        "extremely difficult/very difficult|difficult/moderately difficult|somewhat difficult/slightly difficult|neither easy nor difficult/neutral|"
        "somewhat easy/slightly easy|easy/moderately easy|extremely easy/very easy",
    )),
    ("ease", 5, _family(
        5,
        "very difficult/extremely difficult|difficult/somewhat difficult|neither easy nor difficult/neutral|easy/somewhat easy|very easy/extremely easy",
        "sehr schwierig/sehr schwer|schwierig/schwer/eher schwierig|weder noch/neutral|einfach/leicht/eher einfach|sehr einfach/sehr leicht",
        "très difficile|difficile|ni facile ni difficile/neutre|facile|très facile",
        "muy difícil|difícil|ni fácil ni difícil/neutral|fácil|muy fácil",
        "muito difícil|difícil|nem fácil nem difícil/neutro|fácil|muito fácil",
    )),
    ("quality", 5, _family(
        5,
        "very poor/terrible/very bad|poor/bad|average/fair/okay/ok/acceptable|good|excellent/very good",
        "sehr schlecht|schlecht|mittelmäßig/durchschnittlich/mittel|gut|sehr gut/ausgezeichnet",
        "très mauvais|mauvais|moyen|bon|très bon/excellent",
        "muy malo/muy mala|malo/mala|regular|bueno/buena|muy bueno/muy buena/excelente",
        "muito ruim/péssimo|ruim|regular/razoável|bom/boa|muito bom/excelente/ótimo",
    )),
    ("frequency", 5, _family(
        5,
        "never|rarely/seldom|sometimes/occasionally|often/frequently|always",
        "nie/niemals|selten|manchmal/gelegentlich|oft/häufig|immer",
        "jamais|rarement|parfois|souvent|toujours",
        "nunca|rara vez/raramente|a veces|a menudo/frecuentemente|siempre",
        "nunca|raramente|às vezes|frequentemente|sempre",
    )),
)  # fmt: skip


def likert(values: set[str], points: int = 0) -> tuple[str, int, dict[str, float]] | None:
    """The family in which every given answer has a place, with its number of points; None if there is none.

    The coarsest scale that keeps the answers apart is taken, so that "somewhat agree" beside "agree" means seven points;
    one of `points` goes first.
    """
    asked = {plain(v) for v in values}
    if len(asked) < 2:
        return None
    families = sorted(LIKERT, key=lambda row: (row[1] != points, row[1]))
    for apart in (True, False):
        for name, size, table in families:
            if asked <= table.keys() and (not apart or len({table[a] for a in asked}) == len(asked)):
                return name, size, table
    return None
