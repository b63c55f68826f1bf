from cx.ui.group import show
from cx.ui.page import open_page

view = open_page("training")
show(view)
