"""Data catalogue: every dataset with owner, freshness and meaning of its columns, its way from the file to the number, and undo."""

from __future__ import annotations

import streamlit as st

from cx.blueprint.catalogue import KPIS
from cx.errors import CxError
from cx.facts import batches, history
from cx.facts.batch import ImportBatch
from cx.facts.datasets import DATASETS
from cx.records.lookup import records
from cx.ui import bench, data_quality, variables
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.page import View, page
from cx.ui.palette import palette
from cx.ui.picture import Drawing
from cx.ui.picture import show as show_drawing
from cx.ui.tables import table
from cx.ui.text import escape, quiet

KEY = "reporting-collection"
KINDS = {str: "text", float: "number", int: "whole number", bool: "yes or no"}


def show(view: View) -> None:
    """Draw the step."""
    owners = {r.dataset: r for r in records("data_owner")}
    aged, fresh = data_quality.ages(view), {r["dataset"]: r for r in history.freshness()}
    names = list(DATASETS)
    filled = [n for n in names if view.now.rows(n)]
    stale = [n for n in filled if (aged[n][0] or 0) > aged[n][1]]
    ownerless = [n for n in filled if n not in owners or not owners[n].owner]
    if filled:
        parts = [f"{len(stale)} of {len(filled)} datasets are stale: {', '.join(DATASETS[n].title.lower() for n in stale[:3])}" if stale else f"All {len(filled)} datasets are fresh", f"{len(ownerless)} have no owner" if ownerless else "each has an owner"]
        bench.headline("; ".join(parts))
    else:
        bench.headline("No data has come in yet")
        st.page_link(page("data"), label="Upload a file", icon=":material/upload_file:")
    used = {n: [k.title for k in KPIS.values() if n in k.measure.needs] for n in names}
    state = {n: "nothing yet" if n not in filled else "stale" if n in stale else "fresh" for n in names}
    picked = table(
        {"dataset": [DATASETS[n].title for n in names], "state": [state[n] for n in names], "owner": [owners[n].owner if n in owners else None for n in names], "rows": [view.now.rows(n) for n in names],
         "from": [fresh[n]["earliest"].date() if fresh[n]["earliest"] else None for n in names], "to": [fresh[n]["latest"].date() if fresh[n]["latest"] else None for n in names], "age, days": [round(age) if (age := aged[n][0]) is not None and n in filled else None for n in names],
         "fresh for, days": [int(aged[n][1]) for n in names], "batches": [fresh[n]["batches"] for n in names], "source": [owners[n].source if n in owners else None for n in names], "KPIs fed": [len(used[n]) for n in names]},
        f"{KEY}-catalogue", clicks=True, height=460, alt="Datasets with owner and freshness",
    )  # fmt: skip
    if picked is None:
        quiet("Choose a dataset to see its columns, where it came from and what it feeds.")
    else:
        name = names[picked]
        with st.container(border=True):
            one(view, name, used[name])
    registers(view, KEY, "data_owner")


def one(view: View, name: str, feeds: list[str]) -> None:
    """One dataset: lineage, imports with undo, columns."""
    kind, found = DATASETS[name], [b for b in history.batches() if b.dataset == name and b.live]
    shown = [b for b in found if view.now.demo or not b.demo]
    st.markdown(f"**{escape(kind.title)}: {len(shown)} imports feed {len(feeds)} KPIs**")
    lineage(name, shown[:6], len(shown), feeds)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        imports(view, shown)
    with right:
        known = variables.variables(name)
        table({"column": list(kind.types), "holds": [KINDS.get(t, "moment") for t in kind.types.values()], "meaning": [kind.descriptions[c] for c in kind.types], "key": ["key" if c in kind.key else "needed" if c in kind.required else "" for c in kind.types]}, f"{KEY}-columns-{name}", height=300)
        quiet(f"Rows are known again by {', '.join(kind.key)}; dated by {kind.time}. {sum(v.kind == 'number' for v in known.values())} numbers and {sum(v.kind == 'category' for v in known.values())} categories can be analysed.")


def lineage(name: str, shown: list[ImportBatch], total: int, feeds: list[str]) -> None:
    """From file through batch and dataset to the KPIs, drawn."""
    colours, rows = palette(), max(len(shown), min(len(feeds), 8), 1)
    drawing = Drawing(1000, 34 * rows + 30)
    middle = (34 * rows) / 2 + 20
    for x, head in ((0, "file"), (420, "dataset"), (680, "KPIs")):
        drawing.text(x + 4, 12, head, size=11, colour=colours.quiet)
    drawing.box(420, middle - 16, 170, 32, fill=colours.raised, stroke=colours.data)
    drawing.text(505, middle + 4, DATASETS[name].title, anchor="middle", weight=600)
    for i, batch in enumerate(shown):
        y = 20 + 34 * i + 16
        drawing.box(0, y - 13, 320, 26, fill=colours.raised)
        drawing.text(8, y + 4, f"{batch.source[:34]} · {batch.live:,} rows", size=11)
        drawing.path(f"M320,{y} C370,{y} 370,{middle} 420,{middle}", colour=colours.context)
    for i, title in enumerate(feeds[:8]):
        y = 20 + 34 * i + 16
        drawing.box(680, y - 13, 300, 26, fill=colours.raised)
        drawing.text(688, y + 4, title if i < 7 or len(feeds) <= 8 else f"and {len(feeds) - 7} more", size=11)
        drawing.path(f"M590,{middle} C635,{middle} 635,{y} 680,{y}", colour=colours.context)
    show_drawing(drawing, f"lineage-{name}", f"{total} imports feed {DATASETS[name].title}, which feeds {', '.join(feeds[:8]) or 'no KPI'}")


def imports(view: View, shown: list[ImportBatch]) -> None:
    """The imports of a dataset; one can be taken back."""
    if not shown:
        quiet("Nothing has come in.")
        return
    picked = table({"batch": [b.id for b in shown], "file": [b.source for b in shown], "tool": [b.tool for b in shown], "when": [words.moment(b.created_at) for b in shown], "by": [b.actor for b in shown], "rows": [b.live for b in shown], "rejected": [b.rejected for b in shown], "excluded": [b.excluded for b in shown]}, f"{KEY}-batches", clicks=True, height=260)
    if picked is None or picked >= len(shown):
        quiet("Choose an import to take it back.")
        return
    batch = shown[picked]
    if batch.demo:
        quiet("The demo company is removed as a whole, on the Data page.")
    elif not view.member.may("contributor"):
        quiet("Taking an import back needs the role of a contributor.")
    elif st.button(f"Undo batch {batch.id}", key=f"{KEY}-undo-{batch.id}", icon=":material/undo:"):
        try:
            back = batches.undo(int(batch.id or 0), view.member.name)
        except CxError as refused:
            st.error(escape(str(refused), 900))
            return
        st.toast(f"Undone: {back.removed:,} rows removed, {back.restored:,} earlier rows live again.")
        st.rerun()
