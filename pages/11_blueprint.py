from cx.ui.blueprint_page import show
from cx.ui.page import open_page

view = open_page("blueprint")
show(view)
