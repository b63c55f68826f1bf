"""Who asks: a name for the audit log, and a role that says what this person may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cx.errors import AccessError

Role = Literal["viewer", "contributor", "manager", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "contributor", "manager", "admin")


@dataclass(frozen=True)
class Actor:
    """A person or a token. Each role may do what those before it may: viewer, contributor, manager, admin."""

    name: str
    role: Role = "viewer"

    def may(self, role: Role | Literal[""]) -> bool:
        """Whether the role suffices where `role` is needed; "" is needed nowhere."""
        return not role or ROLES.index(self.role) >= ROLES.index(role)

    def require(self, role: Role | Literal[""], deed: str) -> None:
        """Raise AccessError where the role does not suffice for the deed, such as "change needs"."""
        if not self.may(role):
            raise AccessError(f"To {deed} one must be {role} or more; {self.name} is {self.role}. Ask an administrator.")


OPEN = Actor("local user", "admin")
"""Everybody, where the app runs without sign-in."""
