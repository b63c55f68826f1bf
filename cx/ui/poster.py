"""A picture of our own on a page, and the same picture as SVG, PNG and PDF."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st
import vl_convert

from cx.errors import InputError
from cx.ui import breadth
from cx.ui.export import file_name

KINDS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@lru_cache(maxsize=16)
def rendered(svg: str, kind: str) -> bytes:
    """The picture as svg, png (twice as fine as the screen) or pdf."""
    if kind == "png":
        return bytes(vl_convert.svg_to_png(svg, scale=2))
    if kind == "pdf":
        return bytes(vl_convert.svg_to_pdf(svg))
    if kind != "svg":
        raise InputError(f"a picture can be had as {', '.join(KINDS)}", f"asked for {kind!r}", "choose one of them")
    return svg.encode()


def show(svg: str, key: str, *, alt: str, name: str, width: Any = "stretch") -> None:
    """Draw the picture with its three exports below; none is rendered before it is asked for.

    It stands in an image, in which neither scripts run nor anything is loaded, whatever its texts say.
    """
    with breadth.at_least(breadth.drawn(svg)):
        st.image(svg, width=width, alt=alt)
    exports(svg, key, name)


def exports(svg: str, key: str, name: str) -> None:
    """The three downloads."""
    with st.container(horizontal=True, gap="small"):
        for kind, mime in KINDS.items():
            st.download_button(
                kind.upper(), data=lambda kind=kind: rendered(svg, kind), file_name=file_name(name, kind), mime=mime,  # type: ignore[misc]
                key=f"{key}-{kind}", icon=":material/download:", on_click="ignore", type="tertiary",
            )  # fmt: skip
