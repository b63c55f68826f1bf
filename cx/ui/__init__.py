"""What people see: theme, cards, charts, tables and the pages' furniture."""
