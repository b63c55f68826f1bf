"""Data page."""

from cx.ui.page import View


def show(view: View) -> None:
    """Draw the page."""
