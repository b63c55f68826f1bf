"""The two kinds of row the blueprint is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SubProcess:
    """One of the seven steps of a group.

    `purpose` says why a company does it, `user_can` what a person gets done here; both are sentences. `kpis` are keys
    of the catalogue, `records` names of registers, `datasets` names of fact tables it reads.
    """

    key: str
    title: str
    purpose: str
    user_can: str
    kpis: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProcessGroup:
    """One of the ten groups: `icon` is the name of a Material symbol, `section` the part of the menu it stands in.

    `headline` is the KPI that stands for the group on the overview, `kpis` are those on its own wall; keys of the
    catalogue, all of them.
    """

    key: str
    number: int
    title: str
    purpose: str
    icon: str
    section: str
    headline: str
    kpis: tuple[str, ...]
    steps: tuple[SubProcess, ...]

    def step(self, key: str) -> SubProcess | None:
        """The step of that key, if there is one."""
        return next((step for step in self.steps if step.key == key), None)

    @property
    def records(self) -> tuple[str, ...]:
        """The registers its steps keep, each once, in the order of the steps."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.records))

    @property
    def datasets(self) -> tuple[str, ...]:
        """The fact tables its steps read, each once, in the order of the steps."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.datasets))
