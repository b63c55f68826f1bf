from cx.ui.overview import show
from cx.ui.page import open_page

view = open_page("overview")
show(view)
