from cx.ui.data import show
from cx.ui.page import open_page

view = open_page("data")
show(view)
