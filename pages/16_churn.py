from cx.ui.churn import show
from cx.ui.page import open_page

view = open_page("churn")
show(view)
