"""The command line: `python -m cx COMMAND`. Errors go to stderr with exit status 1, wrong usage with 2."""

from __future__ import annotations

import sys

from cx.commands import app
from cx.errors import CxError


def main() -> None:
    """Run the command; an error that is ours is one sentence on stderr."""
    try:
        app()
    except CxError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
