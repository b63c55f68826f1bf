from cx.ui.page import open_page
from cx.ui.social import show

view = open_page("social")
show(view)
