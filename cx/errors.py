"""The errors a user may meet, as a tree.

CxError                    anything this program says on purpose: one sentence, shown as it is
├── InputError             what was given is wrong: says what was expected, what was found, what to do
│   ├── MeasureError       a measure was given a table it cannot read
│   └── SettingError       a setting has a value that cannot be used
├── StoreError             the store cannot be read or written
│   ├── BusyError          another writer holds the store for too long
│   ├── StaleError         somebody saved the same record first
│   └── NotFoundError      there is no such batch, record or key
└── AccessError            the person asking may not do this
"""

from __future__ import annotations


class CxError(Exception):
    """A sentence for the person who asked; never a traceback."""


class InputError(CxError):
    """What was given cannot be used.

    `expected`, `found` and `action` are whole clauses; the message is the three joined.
    """

    def __init__(self, expected: str, found: str = "", action: str = "") -> None:
        self.expected, self.found, self.action = expected, found, action
        parts = [part.strip().rstrip(".") for part in (expected, found, action) if part.strip()]
        super().__init__("; ".join(parts) + "." if parts else "")


class MeasureError(InputError):
    """A measure needs a column, or a type, that the table given does not have."""


class SettingError(InputError):
    """A setting cannot be used as it stands."""


class StoreError(CxError):
    """The store cannot do what was asked."""


class BusyError(StoreError):
    """Another process has been writing for longer than the wait allows."""


class StaleError(StoreError):
    """The record was changed by somebody else since it was read."""


class NotFoundError(StoreError):
    """No such batch, record or key."""


class AccessError(CxError):
    """The person asking may not do this."""
