"""The Customers page: find anybody by anything, and see one customer whole."""

from cx.ui.customers.desk import show

__all__ = ["show"]
