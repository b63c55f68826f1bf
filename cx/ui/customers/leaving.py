"""Handing out everything that is held of a customer, and erasing them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import streamlit as st

from cx import erasing
from cx.errors import CxError
from cx.facts.datasets import DATASETS
from cx.records.invitations import TITLES
from cx.records.registry import registers
from cx.ui import export
from cx.ui.bench import actor, headline
from cx.ui.customers.choice import NEXT
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

DONE = "customers-erased"


def show(view: View, customer: str) -> None:
    """The two buttons, for those who may press them."""
    headline("Their data")
    with st.container(horizontal=True, gap="small"):
        if view.member.may("contributor"):
            st.download_button("Export everything", data=lambda: archive(view, customer), file_name=export.file_name(f"customer-{customer}", "zip"), mime="application/zip", key="customers-export", icon=":material/download:", on_click="ignore")
        if view.member.may("manager"):
            box = st.popover("Erase", icon=":material/person_remove:", key=f"customers-erase-{customer}", on_change="rerun")
            if box.open:
                with box:
                    confirm(view, customer)
    quiet("The export holds every row, replaced versions included, and goes into the audit log." if view.member.may("contributor") else "Exporting needs the role of a contributor, erasing that of a manager.")


def archive(view: View, customer: str) -> bytes:
    """A ZIP of a workbook, a sheet a dataset and register, and the same as one JSON document."""
    held = erasing.holdings(customer, actor(view))
    sheets: dict[str, Any] = {DATASETS[name].title: rows for name, rows in held.facts.items()}
    sheets |= {_title(name): rows for name, rows in held.records.items()}
    if held.rejects:
        sheets["Rejected records"] = [{**row, "record": str(row["record"])} for row in held.rejects]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("customer.xlsx", export.to_workbook(sheets))
        packed.writestr("customer.json", held.json())
    return out.getvalue()


def _title(name: str) -> str:
    return registers()[name].title if name in registers() else TITLES.get(name, name)


def confirm(view: View, customer: str) -> None:
    """What would go, by dataset; and the identifier to type."""
    found = erasing.footprint(customer)
    rows = [{"What": DATASETS[name].title, "Count now": live, "Earlier versions": old} for name, (live, old) in found.facts.items()]
    rows += [{"What": _title(name), "Count now": count, "Earlier versions": None} for name, count in found.records.items()]
    if found.rejects:
        rows.append({"What": "Rejected records", "Count now": found.rejects, "Earlier versions": None})
    if found.uploads:
        rows.append({"What": "Uploaded files", "Count now": len(found.uploads), "Earlier versions": None})
    headline(f"Erase {customer} for good?")
    table(rows, f"customers-erase-{customer}-what", csv=False, alt="What would go")
    quiet(f"Numbers change: {found.live:,} rows that count today go out of every period they stand in. This cannot be undone; importing the same file again does not bring the customer back.")
    if len(found.identifiers) > 1:
        quiet(f"Goes with them: {', '.join(found.identifiers[1:])}")
    left(found)
    typed = st.text_input(f"Type {escape(customer)} to confirm", key=f"customers-erase-{customer}-typed")
    if st.button("Erase for good", type="primary", key=f"customers-erase-{customer}-now", disabled=typed.strip() != customer):
        try:
            gone = erasing.erase(customer, actor(view))
        except CxError as refused:
            st.error(escape(str(refused), 900), icon=":material/block:")
            return
        st.session_state[DONE] = gone
        st.session_state[NEXT] = ""
        st.rerun()


def left(found: erasing.Footprint) -> None:
    """Free text that names the person and stays."""
    if not found.left:
        return
    quiet(f"Free text names them in {len(found.left)} places, which stay; decide about each:")
    for one in found.left[:20]:
        where = f"{registers()[one['register']].title} {one['record']}, {one['field']}" if "register" in one else f"{DATASETS[one['dataset']].title} {one['key']}, {one['column']}"
        outside(f"{where}: {one['text']}")


def told() -> None:
    """What the last erasing did, said once on the list."""
    gone = st.session_state.pop(DONE, None)
    if gone is None:
        return
    rows = sum(live + old for live, old in gone.facts.values())
    st.success(escape(f"The customer is erased: {rows:,} rows, {sum(gone.records.values()):,} records, {gone.rejects:,} rejects and {len(gone.uploads):,} uploads went. The audit log names them as {gone.mark[:12]}."), icon=":material/check:")
    left(gone)
