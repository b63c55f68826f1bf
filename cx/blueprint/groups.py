"""The ten process groups in their order, by key."""

from __future__ import annotations

from cx.blueprint.improvement import IMPROVEMENT
from cx.blueprint.journeys import JOURNEYS
from cx.blueprint.marketing import MARKETING
from cx.blueprint.needs import NEEDS
from cx.blueprint.process import ProcessGroup, SubProcess
from cx.blueprint.product import PRODUCT
from cx.blueprint.quality import QUALITY
from cx.blueprint.reporting import REPORTING
from cx.blueprint.sales import SALES
from cx.blueprint.service import SERVICE
from cx.blueprint.training import TRAINING
from cx.errors import InputError

__all__ = ["GROUPS", "SECTIONS", "ProcessGroup", "SubProcess", "group"]

GROUPS: dict[str, ProcessGroup] = {
    row.key: row for row in (NEEDS, JOURNEYS, SERVICE, SALES, MARKETING, PRODUCT, QUALITY, IMPROVEMENT, TRAINING, REPORTING)
}
SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(row.section for row in GROUPS.values()))


def group(key: str) -> ProcessGroup:
    """Look a group up by key. Raises InputError naming the ten."""
    if key not in GROUPS:
        raise InputError(f"expected one of the process groups {', '.join(GROUPS)}", f"found {key!r}", "choose one of them")
    return GROUPS[key]
