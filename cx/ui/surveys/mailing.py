"""Letters go out beside the page, one thread for all of them; the page tells how far they are."""

from __future__ import annotations

import logging
import threading

import streamlit as st

from cx.errors import CxError
from cx.reports.post import Post, office
from cx.surveys import links, sending
from cx.surveys.results import Standing
from cx.ui import bench
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.text import quiet

EVERY = 2.0
log = logging.getLogger(__name__)
_running = threading.Lock()
_last: dict[str, str] = {}


def start(root: str) -> None:
    """Send what waits, unless it is being sent already. Raises SettingError where no mail server is set up."""
    post = office()
    if _running.acquire(blocking=False):
        _last.clear()
        threading.Thread(target=_run, args=(post, root), name="survey-letters", daemon=True).start()


def _run(post: Post, root: str) -> None:
    try:
        done = sending.send_waiting(post, root)
        _last["reason"] = done.reason
    except CxError as error:
        _last["reason"] = str(error)
    except Exception:  # the thread's last word: what is left waits and can be sent again
        log.exception("the invitations could not be sent")
        _last["reason"] = "Something went wrong; the log has the details."
    finally:
        _running.release()


def progress(view: View, standing: Standing) -> None:
    """How many letters are out, waiting, failed; while they are being sent, looked at again every two seconds."""
    if not standing.states or set(standing.states) == {"handed"}:
        return
    _told(standing)
    if _running.locked():
        st.fragment(_look, run_every=EVERY)(standing.survey.id, standing.waiting)
    elif standing.waiting:
        if _last.get("reason"):
            quiet(_last["reason"])
        held = not view.member.may("manager")
        with st.container(horizontal=True, gap="small"):
            if st.button(f"Send the {words.plural(standing.waiting, 'invitation')} that wait", icon=":material/send:", key="surveys-send-waiting", disabled=held):
                bench.saved(lambda: start(links.base()), "The invitations are on their way")
            if st.button("Withdraw them", icon=":material/undo:", type="tertiary", key="surveys-withdraw", disabled=held):
                bench.saved(lambda: sending.withdraw(standing.survey, bench.actor(view)), "They are withdrawn")


def _look(survey: int, before: int) -> None:
    now = sending.waiting(survey)
    if not _running.locked():
        st.rerun()
    quiet(f"Being sent: {now:,} of {before:,} to go")


def _told(standing: Standing) -> None:
    states = standing.states
    names = (("sent", "sent"), ("waiting", "waiting"), ("failed", "failed"), ("handed", "handed out as links"))
    text = " · ".join(f"{states[key]:,} {said}" for key, said in names if states.get(key))
    quiet(f"Invitations: {text}" if text else "Invitations: none is out yet")
    if states.get("failed"):
        quiet("; ".join(f"{n:,} failed: {reason}" for reason, n in list(sending.failures(standing.survey.id).items())[:3]))
    if states.get("sending") and not _running.locked():
        quiet(f"{words.plural(states['sending'], 'invitation')} may or may not have gone out: the program ended while sending. They are not sent again.")
