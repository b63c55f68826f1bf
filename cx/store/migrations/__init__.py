"""Migrations of the store, run by Alembic through `cx.store.migrate`."""
