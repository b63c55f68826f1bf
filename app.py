"""The app: declares the menu and runs the page."""

from cx.ui.page import run

run()
