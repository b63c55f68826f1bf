"""How a survey form looks: plain HTML without a script, in the language of the survey, for any screen, light or dark.

Every text, the survey's own included, is escaped on its way into the page. Colours are those of the reader's system, so that
dark mode and high contrast need nothing of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from cx.surveys.answer import LONGEST
from cx.surveys.wording import EN, Words, anchors, language, words_of

STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 40rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
h1 { font-size: 1.25rem; font-weight: 600; line-height: 1.35; padding: 0; margin: 0 0 1rem; overflow-wrap: anywhere; }
legend { padding: 0; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; min-width: 0; }
.scores { display: grid; gap: .375rem; grid-template-columns: repeat(auto-fit, minmax(2.75rem, 1fr)); }
.of5 { grid-template-columns: repeat(5, 1fr); } .of7 { grid-template-columns: repeat(7, 1fr); } .of10 { grid-template-columns: repeat(5, 1fr); } .of11 { grid-template-columns: repeat(6, 1fr); }
@media (min-width: 38rem) { .of10 { grid-template-columns: repeat(10, 1fr); } .of11 { grid-template-columns: repeat(11, 1fr); } }
.scores label { position: relative; display: block; }
.scores input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.scores span { display: flex; align-items: center; justify-content: center; min-height: 2.75rem; border: 1px solid color-mix(in srgb, CanvasText 55%, Canvas); border-radius: .375rem; font-variant-numeric: tabular-nums; }
.scores input:hover + span { background: color-mix(in srgb, CanvasText 10%, Canvas); }
.scores input:checked + span { background: CanvasText; color: Canvas; border-color: CanvasText; font-weight: 700; }
input:focus-visible + span, input[type=number]:focus-visible, textarea:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid CanvasText; outline-offset: 2px; }
.ends { display: flex; justify-content: space-between; gap: 1rem; margin-top: .5rem; font-size: .875rem; }
.ends span:last-child { text-align: right; }
label.field { display: block; font-weight: 600; margin-bottom: .375rem; } label.field small { font-weight: 400; }
textarea, input[type=number] { box-sizing: border-box; font: inherit; color: inherit; background: Canvas; border: 1px solid color-mix(in srgb, CanvasText 55%, Canvas); border-radius: .375rem; padding: .5rem .625rem; }
textarea { width: 100%; min-height: 7rem; resize: vertical; } input[type=number] { width: 8rem; min-height: 2.75rem; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.5rem; margin-top: 1rem; border: 1px solid CanvasText; border-radius: .375rem; background: CanvasText; color: Canvas; cursor: pointer; }
.note { border-left: 4px solid CanvasText; padding: .5rem .75rem; background: color-mix(in srgb, CanvasText 7%, Canvas); }
.small { font-size: .875rem; margin: 1.5rem 0 0; } a { color: inherit; }
@media (forced-colors: active) { .scores input:checked + span { forced-color-adjust: none; background: Highlight; color: HighlightText; } }
"""
MOST_RADIOS = 11


@dataclass(frozen=True)
class Draft:
    """What stands in a form: what was typed, the name of the form, a sentence on what is wrong or happened."""

    score: str = ""
    comment: str = ""
    nonce: str = ""
    problem: str = ""
    note: str = ""


def page(title: str, body: str, lang: str = "en") -> str:
    """A whole page; `body` is HTML made here."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="{escape(lang)}"><head>{head}</head><body><main>{body}</main></body></html>'


def sentence(text: str, words: Words = EN, *, heading: str = "", more: str = "") -> str:
    """A page that says one thing; `more` is HTML made here."""
    shown = f"<h1>{escape(heading or text)}</h1>" + (f"<p>{escape(text)}</p>" if heading else "")
    return page(heading or text, shown + more, words.language)


def form(survey: Any, draft: Draft, *, kind: str, stop: str = "") -> str:
    """The form of a survey. `kind`: public, preview or personal; `stop` is the address at which one asks to be asked no more."""
    words = words_of(survey)
    notes = [words.preview] if kind == "preview" else []
    notes += [draft.note] if draft.note else []
    parts = [f'<p class="note">{escape(note)}</p>' for note in notes]
    if draft.problem:
        parts.append(f'<p class="note" role="alert" id="problem">{escape(draft.problem)}</p>')
    parts.append('<form method="post">')
    parts.append(f'<input type="hidden" name="nonce" value="{escape(draft.nonce)}">')
    parts.append(scale(survey, draft))
    ask = survey.follow_up or words.comment
    parts.append(f'<label class="field" for="comment" lang="{language(survey)}">{escape(ask)} <small lang="{words.language}">({escape(words.optional)})</small></label>')
    parts.append(f'<textarea id="comment" name="comment" maxlength="{LONGEST}" rows="5">\n{escape(draft.comment)}</textarea>')
    parts.append(f'<button type="submit">{escape(words.send)}</button></form>')
    parts.append(f'<p class="small">{escape(words.known if kind == "personal" else words.anonymous)}' + (f' <a href="{escape(stop)}">{escape(words.mail_stop)}</a>' if stop else "") + "</p>")
    title = (f"{draft.problem} " if draft.problem else "") + survey.question
    return page(title, "".join(parts), words.language)


def scale(survey: Any, draft: Draft) -> str:
    """The scores to choose from; a field for a number where they are more than eleven."""
    low, high = survey.scale_min, survey.scale_max
    ends = anchors(survey)
    faulty = ' aria-invalid="true"' if draft.problem else ""
    legend = f'<fieldset aria-describedby="{"problem ends" if draft.problem else "ends"}"><legend><h1 lang="{language(survey)}">{escape(survey.question)}</h1></legend>'
    below = f'<div class="ends" id="ends"><span>{low} = {escape(ends[0])}</span><span>{high} = {escape(ends[1])}</span></div></fieldset>'
    if high - low >= MOST_RADIOS:
        return f'{legend}<input type="number" name="score" aria-label="{escape(survey.question)}"{faulty} min="{low}" max="{high}" step="1" required value="{escape(draft.score)}">{below}'
    boxes = "".join(
        f'<label><input type="radio" name="score" value="{n}" required{" checked" if draft.score == str(n) else ""}><span>{n}</span></label>' for n in range(low, high + 1)
    )
    return f'{legend}<div class="scores of{high - low + 1}">{boxes}</div>{below}'
