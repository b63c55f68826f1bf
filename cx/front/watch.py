"""Looks at the alert rules whenever the data changed, as long as the server runs."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from cx import alerts

log = logging.getLogger("cx")
FIRST_SECONDS = 10
EVERY_SECONDS = 20


async def watch_alerts() -> None:
    """Until cancelled: every 20 seconds ask whether the data is new, and if so look. A look that fails is logged, and tried again."""
    await asyncio.sleep(FIRST_SECONDS)
    while True:
        try:
            found = await asyncio.to_thread(alerts.look_if_new, datetime.now(UTC))
            for one in found.fired if found else ():
                log.info("alert: %s", one.name)
        except Exception:  # a look that fails must not be the last one
            log.exception("the alert rules could not be looked at")
        await asyncio.sleep(EVERY_SECONDS)
