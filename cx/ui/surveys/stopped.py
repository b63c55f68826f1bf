"""The customers who do not want to be asked again: seen, noted by hand, and lifted where they changed their mind."""

from __future__ import annotations

import streamlit as st

from cx.surveys import optouts
from cx.ui import bench
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "surveys-stopped"
WAYS = {"link": "by the link in a mail", "mail": "by the button of their mail program", "hand": "noted by hand"}


def show(view: View) -> None:
    """The list, behind its title."""
    found = optouts.listed()
    box = st.expander(f"Not to be asked again ({len(found)})", icon=":material/do_not_disturb_on:", key=KEY, on_change="rerun")
    if not box.open:
        return
    with box:
        quiet("They are left out of every survey, with whoever shares their address. Erasing a customer removes the note with everything else.")
        if found and view.member.may("contributor"):
            table([{"customer": one.customer_id, "since": one.at, "how": WAYS.get(one.way, one.way)} for one in found], f"{KEY}-list", csv=False)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            who = st.text_input("Customer, by identifier", key=f"{KEY}-who", max_chars=optouts.LONGEST, width=260)
            if st.button("Do not ask them again", key=f"{KEY}-note", disabled=not view.member.may("contributor") or not who.strip()):
                bench.saved(lambda: optouts.note(who, bench.actor(view)), "Noted")
            if st.button("They may be asked again", key=f"{KEY}-lift", type="tertiary", disabled=not view.member.may("manager") or not who.strip()):
                bench.saved(lambda: optouts.lift(who.strip(), bench.actor(view)), "They may be asked again")
