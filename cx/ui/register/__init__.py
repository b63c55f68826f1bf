"""The editor of every register: table, form, history, CSV in and out, made from the fields alone."""

from cx.ui.register.editor import show

__all__ = ["show"]
