from cx.ui.alert_page import show
from cx.ui.page import open_page

view = open_page("alerts")
show(view)
