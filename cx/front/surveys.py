"""Survey forms under /s/<token>: the one part of the server that strangers may use, without signing in.

There is nothing to sign in with: no cookie is read or set, so no other site can make a visitor's browser act in their name;
who knows the token may answer, and nobody else. A GET never stores anything. Mail scanners and previews follow every link of
a mail, one-click scores included, so `?score=9` only chooses the score, and it is the press on Send that counts.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from cx.errors import AccessError, CxError, InputError, NotFoundError
from cx.front import form
from cx.front.failures import sentence as told
from cx.front.rate import Rate, minutes
from cx.surveys import answer
from cx.surveys.door import Door, door, shut
from cx.surveys.wording import EN, Words, words_of

LARGEST = 64_000  # bytes of a form: four thousand characters, each written as up to twelve
ANSWERS = Rate(60, 600)
LOOKS = Rate(600, 600)


def forms() -> Mount:
    """Everything under /s/."""
    routes = [
        Route("/{token}", _form, methods=["GET"]), Route("/{token}", _sent, methods=["POST"]), Route("/{token}/thanks", _thanks, methods=["GET"]),
        Route("/{token}/stop", _ask, methods=["GET"]), Route("/{token}/stop", _stop, methods=["POST"]),
    ]  # fmt: skip
    return Mount("/s", app=Starlette(routes=routes, exception_handlers={HTTPException: _refused}))


async def _refused(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    return _said(EN.unknown if status == 404 else "This is no way to ask for a survey.", EN, status)


async def _form(request: Request) -> Response:
    opened = await _opened(request)
    if isinstance(opened, Response):
        return opened
    words, wanted = words_of(opened.survey), request.query_params.get("score", "")[:12]
    chosen = answer.score(opened.survey, wanted)
    note = words.chosen.format(score=chosen, send=words.send) if chosen is not None else ""
    if opened.invitation and opened.invitation.answered_at:
        note = f"{words.again} {note}".strip()
    return _drawn(request, opened, form.Draft(str(chosen) if chosen is not None else "", nonce=secrets.token_hex(12), note=note))


async def _sent(request: Request) -> Response:
    opened = await _opened(request)
    if isinstance(opened, Response):
        return opened
    words = words_of(opened.survey)
    fields = await _fields(request)
    if fields is None:
        return _said(words.large, words, 413)
    typed, comment, nonce = fields.get("score", "")[:12], fields.get("comment", "").replace("\r\n", "\n").replace("\x00", ""), fields.get("nonce", "")
    draft = form.Draft(typed, comment, nonce if answer.NONCE.fullmatch(nonce) else secrets.token_hex(12))
    chosen = answer.score(opened.survey, typed)
    if chosen is None:
        many = opened.survey.scale_max - opened.survey.scale_min >= form.MOST_RADIOS
        return _drawn(request, opened, draft, words.outside.format(low=opened.survey.scale_min, high=opened.survey.scale_max) if typed or many else words.choose, 400)
    if len(comment) > answer.LONGEST:
        return _drawn(request, opened, draft, words.long.format(most=answer.LONGEST, n=len(comment)), 400)
    if opened.kind != "preview":
        refused = await _kept(request, opened, answer.Given(chosen, comment, draft.nonce), draft)
        if refused is not None:
            return refused
    return RedirectResponse(f"{request.path_params['token']}/thanks", 303)  # relative: a proxy may serve the app below a path of its own


async def _kept(request: Request, opened: Door, given: answer.Given, draft: form.Draft) -> Response | None:
    """Store the answer; the answer to the browser where that cannot be done. What was typed stays in the form."""
    words = words_of(opened.survey)
    try:
        await to_thread.run_sync(answer.take, request.path_params["token"], given)
    except (AccessError, NotFoundError):  # closed or gone since the form was looked at
        again = await to_thread.run_sync(door, request.path_params["token"])
        return _closed(again) if again else _said(EN.unknown, EN, 404)
    except InputError:  # the scale was changed since the form was looked at
        return _drawn(request, opened, draft, words.outside.format(low=opened.survey.scale_min, high=opened.survey.scale_max), 400)
    except CxError as error:  # somebody else is writing, or the disk is full
        told(error)
        return _drawn(request, opened, draft, words.busy.format(send=words.send), 503)
    return None


async def _thanks(request: Request) -> Response:
    opened = await to_thread.run_sync(door, request.path_params["token"])
    if opened is None:
        return _said(EN.unknown, EN, 404)
    words = words_of(opened.survey)
    more = f'<p><a href="../{form.escape(request.path_params["token"])}">{form.escape(words.change)}</a></p>' if opened.personal and not shut(opened.survey) else ""
    return HTMLResponse(form.sentence(words.preview if opened.kind == "preview" else words.stored, words, heading=words.thanks, more=more))


async def _ask(request: Request) -> Response:
    opened = await _invited(request)
    if isinstance(opened, Response):
        return opened
    words = words_of(opened.survey)
    button = f'<form method="post"><button type="submit">{form.escape(words.stop_button)}</button></form>'
    return HTMLResponse(form.sentence(words.stop_ask, words, heading=words.stop_title, more=button))


async def _stop(request: Request) -> Response:
    """Both the button of the page and that of a mail program, which posts `List-Unsubscribe=One-Click` (RFC 8058)."""
    opened = await _invited(request)
    if isinstance(opened, Response):
        return opened
    words, fields = words_of(opened.survey), await _fields(request)
    try:
        await to_thread.run_sync(answer.stop, request.path_params["token"], "mail" if fields and "List-Unsubscribe" in fields else "link")
    except CxError as error:
        told(error)
        return _said(words.busy.format(send=words.stop_button), words, 503)
    return HTMLResponse(form.sentence(words.stopped, words))


async def _invited(request: Request) -> Door | Response:
    """The invitation behind a link to be asked no more; it works however the survey stands."""
    slow = _limited(request, ANSWERS if request.method == "POST" else LOOKS, None)
    if slow is not None:
        return slow
    opened = await to_thread.run_sync(door, request.path_params["token"])
    return opened if opened is not None and opened.personal else _said(EN.unknown, EN, 404)


async def _opened(request: Request) -> Door | Response:
    """The survey behind the token while it takes answers, else the page that says why not."""
    opened = await to_thread.run_sync(door, request.path_params["token"])
    slow = _limited(request, ANSWERS if request.method == "POST" else LOOKS, opened)
    if slow is not None:
        return slow
    if opened is None:
        return _said(EN.unknown, EN, 404)
    return opened if opened.kind == "preview" or not shut(opened.survey) else _closed(opened)


def _limited(request: Request, rate: Rate, opened: Door | None) -> Response | None:
    wait = rate.wait(request.client.host if request.client else "")
    if not wait:
        return None
    words = words_of(opened.survey) if opened else EN
    answered = _said(words.many.format(minutes=minutes(wait)), words, 429)
    answered.headers["retry-after"] = str(int(wait) + 1)
    return answered


def _closed(opened: Door) -> Response:
    words, why = words_of(opened.survey), shut(opened.survey)
    texts: dict[str, Callable[[], str]] = {
        "draft": lambda: words.draft, "paused": lambda: words.paused, "early": lambda: words.early.format(day=opened.survey.starts_on.isoformat()),
    }  # fmt: skip
    return _said(texts.get(why, lambda: words.closed)(), words, 410 if why == "closed" else 403)


def _said(text: str, words: Words, status: int) -> Response:
    return HTMLResponse(form.sentence(text, words), status)


def _drawn(request: Request, opened: Door, draft: form.Draft, problem: str = "", status: int = 200) -> Response:
    shown = replace(draft, problem=problem)
    return HTMLResponse(form.form(opened.survey, shown, kind=opened.kind, stop=f"{request.path_params['token']}/stop" if opened.personal else ""), status)


async def _fields(request: Request) -> dict[str, str] | None:
    """The fields of a form; None where it is larger than any form of ours. What is no form has no fields."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, encoding="utf-8", errors="replace"))
    except ValueError:
        return {}
