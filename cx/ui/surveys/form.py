"""The form of a survey: its link to hand out, a preview that stores nothing, and the register where it is written."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.errors import CxError
from cx.settings import settings
from cx.surveys import links
from cx.surveys.door import invented, shut
from cx.surveys.results import OPEN_AS, Standing
from cx.surveys.wording import LANGUAGES, anchors, language, words_of
from cx.ui import bench
from cx.ui.page import View
from cx.ui.text import escape, outside, quiet


def show(view: View, standing: Standing) -> None:
    """The question as it is asked, the two links, and what the first answer does."""
    survey = standing.survey
    why = shut(survey)
    bench.headline(f"{survey.name} takes answers now" if not why else f"{survey.name} is {OPEN_AS[why]}: its link says so and stores nothing")
    with st.container(border=True):
        outside(survey.question)
        low, high = anchors(survey)
        quiet(f"{survey.scale_min} = {low} … {survey.scale_max} = {high} · {'higher is better' if survey.higher_is_better else 'higher is worse'} · then: {survey.follow_up or words_of(survey).comment} ({words_of(survey).optional})")
        if survey.metric == "nps" and (survey.scale_min, survey.scale_max) != (0, 10):
            quiet("NPS is asked from 0 to 10; answers on another scale are shown as non-standard, and may be no valid scores at all.")
        if language(survey) not in LANGUAGES:
            quiet(f"The buttons and sentences around it are in English: there are none in {survey.language} yet.")
    first_answer(view, survey)
    _links(view, survey)


def _links(view: View, survey: Any) -> None:
    there = links.tokens(survey.id)
    if len(there) < len(links.KINDS):
        if st.button("Make the link", icon=":material/add_link:", type="primary", key=f"surveys-make-{survey.id}", disabled=not view.member.may("contributor")):
            bench.saved(lambda: links.opened(survey.id, bench.actor(view)), "The link is made")
        quiet("A link that names nobody, for a mail, a poster or a till, and one for looking at the form." if view.member.may("contributor") else "Making the link needs the role of a contributor.")
        return
    try:
        root = seen()
    except CxError as error:
        st.error(escape(str(error), 400), icon=":material/block:")
        return
    st.code(links.address(there["public"], root), language=None)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.link_button("Look at the form", links.address(there["preview"], root), icon=":material/visibility:", help="A preview: nothing is stored")
        if view.member.may("manager"):
            box = st.popover("Replace the link", icon=":material/link_off:", type="tertiary", key=f"surveys-replace-{survey.id}", on_change="rerun")
            if box.open:
                with box:
                    quiet("The present link opens nothing any more, wherever it was handed out.")
                    if st.button("Replace it", key=f"surveys-replace-{survey.id}-now", type="primary"):
                        bench.saved(lambda: links.renewed(survey.id, bench.actor(view)), "The link is replaced")
    quiet("Whoever has the link may answer, more than once and without being known; who must be known, and asked once, gets a link of their own under Ask. A score can be put behind it, as in …?score=9: it is chosen then, and still has to be sent.")
    if not settings().public_url:
        quiet("CX_PUBLIC_URL is not set, so this is the address you see the page at; others may not reach it.")


def seen() -> str:
    """The address links begin with: CX_PUBLIC_URL, else where this page is looked at."""
    return links.base(str(st.context.url or f"http://localhost:{settings().port}"))


def first_answer(view: View, survey: Any) -> None:
    """What an answer does to the demo company, said before there is one."""
    if not view.now.demo:
        return
    if invented(survey):
        quiet("This is a survey of the demo company: what it is answered joins the demo company's data, and goes with it.")
    else:
        quiet("The demo company is shown because there is no data of your own. The first answer to this survey is that: from then on the demo company is hidden, everywhere. Taking the answer back under Data shows it again.")
