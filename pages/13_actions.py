from cx.ui.actions import show
from cx.ui.page import open_page

view = open_page("actions")
show(view)
