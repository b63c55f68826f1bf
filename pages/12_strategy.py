from cx.ui.page import open_page
from cx.ui.strategy import show

view = open_page("strategy")
show(view)
