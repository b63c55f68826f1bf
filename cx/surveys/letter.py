"""The mail that asks: the question, a link for each score, and one to be asked no more; as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import Any

from cx.reports.post import Letter
from cx.surveys.links import address
from cx.surveys.wording import anchors, language, words_of

LINKED = 11  # scores that have a link each; a longer scale is answered on the page
BOX = "display:inline-block;min-width:2em;padding:.5em .25em;margin:0 .2em .4em 0;border:1px solid;border-radius:.3em;text-align:center;text-decoration:none;color:inherit"


def letter(survey: Any, to: str, token: str, root: str) -> Letter:
    """The invitation of one person. Its score links choose a score on the page; nothing is stored before Send is pressed there."""
    words, link = words_of(survey), address(token, root)
    scores = range(survey.scale_min, survey.scale_max + 1) if survey.scale_max - survey.scale_min < LINKED else ()
    low, high = (f"{n} = {said}" for n, said in zip((survey.scale_min, survey.scale_max), anchors(survey), strict=True))
    text = [words.mail_ask, "", survey.question, ""]
    text += [f"{n}  {link}?score={n}" for n in scores]
    text += ["", f"{low}, {high}", "", f"{words.mail_open}: {link}", "", words.mail_why, f"{words.mail_stop}: {link}/stop", ""]
    boxes = "".join(f'<a href="{escape(link)}?score={n}" style="{BOX}">{n}</a>' for n in scores)
    html = (
        f'<!doctype html><html lang="{words.language}"><body><p>{escape(words.mail_ask)}</p><p lang="{language(survey)}"><strong>{escape(survey.question)}</strong></p>'
        + (f"<p>{boxes}<br><small>{escape(low)}, {escape(high)}</small></p>" if boxes else "")
        + f'<p><a href="{escape(link)}">{escape(words.mail_open)}</a></p><p><small>{escape(words.mail_why)} <a href="{escape(link)}/stop">{escape(words.mail_stop)}</a></small></p></body></html>'
    )
    headers = (("List-Unsubscribe", f"<{link}/stop>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return Letter((to,), words.mail_subject.format(question=survey.question), "\n".join(text), html=html, headers=headers)
