"""The store: one SQL database (SQLite or PostgreSQL) with sessions, migrations and an audit log."""
