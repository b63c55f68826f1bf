from cx.ui.members import show
from cx.ui.page import open_page

view = open_page("members")
show(view)
