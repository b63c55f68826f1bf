"""The tools whose exports are known, the certain ones first. A tool is one row and, where needed, one small function."""

from __future__ import annotations

from cx.intake.tools.feedback import DELIGHTED, HUBSPOT_FEEDBACK, MEDALLIA, TOUCHPOINTS
from cx.intake.tools.forms import FORMBRICKS, GOOGLE, MICROSOFT, TALLY, TYPEFORM
from cx.intake.tools.limesurvey import LIMESURVEY
from cx.intake.tools.monkey import MONKEY
from cx.intake.tools.qualtrics import QUALTRICS
from cx.intake.tools.service import (
    CHARGEBEE,
    GOOGLE_ADS,
    HUBSPOT_DEALS,
    INTERCOM,
    META_ADS,
    PIPEDRIVE,
    SALESFORCE,
    SHOPIFY,
    STRIPE,
    XES,
    ZENDESK,
)
from cx.intake.tools.tool import Found, Rows, Tool

TOOLS: tuple[Tool, ...] = (
    QUALTRICS, MONKEY, FORMBRICKS, TYPEFORM, TALLY, MICROSOFT, LIMESURVEY, DELIGHTED, HUBSPOT_FEEDBACK, MEDALLIA, TOUCHPOINTS,
    ZENDESK, INTERCOM, HUBSPOT_DEALS, SALESFORCE, PIPEDRIVE, STRIPE, CHARGEBEE, SHOPIFY, GOOGLE_ADS, META_ADS, XES, GOOGLE,
)  # fmt: skip
GENERIC = Tool("generic", "Generic table", ())


def recognise(rows: Rows) -> tuple[Tool, Found] | None:
    """The tool most certain of these first records; the earlier in the list of two that are equally sure."""
    if not rows or not rows[0]:
        return None
    claims = [(tool, found) for tool in TOOLS if (found := tool.find(tool, rows))]
    return max(claims, key=lambda claim: claim[1].certainty, default=None)
