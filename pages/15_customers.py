from cx.ui.customers import show
from cx.ui.page import open_page

view = open_page("customers")
show(view)
