from cx.ui.page import open_page
from cx.ui.surveys import show

view = open_page("surveys")
show(view)
