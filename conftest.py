"""What pytest must not open while it looks for examples: scripts that run only inside Streamlit or Alembic."""

collect_ignore_glob = ["cx/store/migrations/env.py", "tests/pages/room.py", "tests/ui/gallery.py", "tests/ui/register_page.py", "pages/*.py", "app.py"]
