"""Words from outside: shown as they are, never as Markdown or HTML.

Comments, names and file contents come from people we do not know. `outside` is the only way they reach the screen as a
text of their own; `escape` is for the places where Streamlit reads Markdown anyway (labels, captions, titles, options).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import streamlit as st

LONGEST = 20_000
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@/\"'])")
# Some things are made of plain words after Markdown has been read, where no backslash helps: links of bare addresses, the
# icons :streamlit: and :material_x:, emoji short codes, arrows of " -> ". A word joiner, which nobody sees, keeps their parts apart.
_JOINER = "\u2060"
_AFTERWARDS = re.compile(
    r"(?<=@)(?=[-\w])|(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?<=:)(?=[a-z_+-][\w+-]*:)|(?<=\s[<>~-])(?=(?:->|[>=-])(?:\s|$))|(?<=^[<>~-])(?=(?:->|[>=-])(?:\s|$))", re.IGNORECASE
)
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")  # a no-break space keeps a number and its unit together


def clean(text: object) -> str:
    """The text without control characters, direction overrides and lone surrogates, at most 20,000 characters long.

    Line feeds and tabs stay. Direction overrides (U+202A to U+202E, U+2066 to U+2069) could make a line read as
    something else than it is.
    """
    if text is None:
        return ""
    words = str(text)
    if len(words) > LONGEST:
        words = words[:LONGEST] + " …"
    if words.isascii() and words.isprintable():
        return words
    return "".join(c for c in words if c in "\n\t" or not _hidden(c))


def _hidden(character: str) -> bool:
    if character.isprintable() and ord(character) < 0x2000:
        return False
    return unicodedata.category(character) in {"Cc", "Cs", "Cn"} or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def escape(text: object, longest: int = 300) -> str:
    """The text for a place that reads Markdown: on one line, every character with a meaning there escaped.

    Characters become their numeric entities or carry a backslash, so that no link, image, code, emphasis, colour directive,
    icon, emoji short code, formula or HTML comes of them, and bare addresses are not made into links: a word joiner (U+2060)
    inside them sees to that, where Markdown has no escape.

    >>> escape("![x](p.png) **b**")
    '\\\\!\\\\[x\\\\]\\\\(p\\\\.png\\\\) \\\\*\\\\*b\\\\*\\\\*'
    """
    words = "" if text is None else str(text)
    return _kept(words, longest) if len(words) <= 300 else _escaped(words, longest)


def _escaped(text: str, longest: int) -> str:
    line = _BLANKS.sub(" ", clean(text)).strip()
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return _MARKDOWN.sub(r"\\\1", _AFTERWARDS.sub(_JOINER, line))


_kept = lru_cache(maxsize=4096)(_escaped)  # labels and titles come again with every run of a page


def outside(text: object, *, help: str | None = None) -> None:
    """Show a text that came from outside, exactly as it reads."""
    st.text(clean(text), help=help)


def quiet(text: object) -> None:
    """A note in small grey letters. Unlike st.caption, whose 60 % opacity is too pale to read, it reaches 4.5:1."""
    st.markdown(f":gray[:small[{escape(text, 600)}]]")
