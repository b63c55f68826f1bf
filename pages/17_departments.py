from cx.ui.departments import show
from cx.ui.page import open_page

view = open_page("departments")
show(view)
