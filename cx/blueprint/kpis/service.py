"""KPIs of service: how fast, how finally and how well requests are settled."""

from __future__ import annotations

from cx.analytics.backlog import BACKLOG, BACKLOG_AGE, backlog, backlog_age
from cx.analytics.contacts import (
    COMPLAINT_RESOLUTION,
    CONTACT_RATE,
    FIRST_CONTACT_RESOLUTION,
    REOPEN_RATE,
    SERVICE_SATISFACTION,
    TICKET_VOLUME,
    complaint_resolution,
    contact_rate,
    first_contact_resolution,
    reopen_rate,
    service_satisfaction,
    ticket_volume,
)
from cx.analytics.registers import CLOSED_LOOP, closed_loop
from cx.analytics.satisfaction import CSAT, csat
from cx.analytics.service import FIRST_RESPONSE_MEDIAN, FIRST_RESPONSE_P90, RESOLUTION_MEDIAN, RESOLUTION_P90, first_response, resolution
from cx.analytics.sla import SLA_RESOLUTION, SLA_RESPONSE, attainment
from cx.blueprint.kpi import Kpi, where

UNRATED = "Only those who rated are counted; who is furious or in a hurry may not."
SKEWED = "Waiting times are skewed, so median and 90th percentile are shown and never the mean; tickets still waiting are named in the warning."

KPIS = (
    Kpi("sla_response", "SLA met (reply)", "How often do we reply within the time promised?", SLA_RESPONSE, attainment, "service", "%", "higher", target=90.0,
        caveats="Open tickets not yet due are in neither part; without a policy of your own a standard one by priority applies."),
    Kpi("sla_resolution", "SLA met (solution)", "How often do we solve within the time promised?", SLA_RESOLUTION, attainment, "service", "%", "higher",
        options={"end": "resolution"}, target=90.0, caveats="Time spent waiting for the customer pauses the clock where it is recorded."),
    Kpi("csat", "Satisfaction (CSAT)", "Which share of customers is satisfied with what they just experienced?", CSAT, csat, "service", "%", "higher",
        filter=where("responses", metric="csat"), target=85.0, caveats=UNRATED, source="ISO 10004."),
    Kpi("service_satisfaction", "Ticket satisfaction", "Which share of rated tickets was handled to satisfaction?", SERVICE_SATISFACTION, service_satisfaction,
        "service", "%", "higher", target=85.0, caveats=UNRATED),
    Kpi("first_response_median", "First reply (median)", "How long does a typical customer wait for a first reply?", FIRST_RESPONSE_MEDIAN, first_response,
        "service", "h", "lower", target=4.0, caveats=SKEWED),
    Kpi("first_response_p90", "First reply (P90)", "How long do the unlucky tenth wait at least for a first reply?", FIRST_RESPONSE_P90, first_response,
        "service", "h", "lower", target=24.0, minimum=50, caveats=SKEWED),
    Kpi("resolution_median", "Resolution (median)", "How long does it typically take until a matter is settled?", RESOLUTION_MEDIAN, resolution,
        "service", "h", "lower", target=24.0, caveats=SKEWED),
    Kpi("resolution_p90", "Resolution (P90)", "How long do the unlucky tenth wait at least until a matter is settled?", RESOLUTION_P90, resolution,
        "service", "h", "lower", target=96.0, minimum=50, caveats=SKEWED),
    Kpi("first_contact_resolution", "Settled at once (FCR)", "How often does one contact settle the matter?", FIRST_CONTACT_RESOLUTION, first_contact_resolution,
        "service", "%", "higher", target=75.0, caveats="Silence counts as settled: somebody who gave up looks like somebody who was helped."),
    Kpi("reopen_rate", "Reopened", "How often was a solved ticket not solved?", REOPEN_RATE, reopen_rate, "service", "%", "lower", target=5.0),
    Kpi("complaint_resolution", "Complaints resolved", "Which share of complaints has been resolved?", COMPLAINT_RESOLUTION, complaint_resolution,
        "service", "%", "higher", target=95.0, caveats="Complaints that have just arrived count as not resolved."),
    Kpi("backlog", "Backlog", "How many requests are waiting?", BACKLOG, backlog, "service", "tickets", "lower", minimum=1,
        caveats="A count of all there are, at one moment and not over a period."),
    Kpi("backlog_age", "Age of backlog", "How long have the open requests been waiting?", BACKLOG_AGE, backlog_age, "service", "days", "lower", target=3.0),
    Kpi("ticket_volume", "Tickets", "How much service is asked for?", TICKET_VOLUME, ticket_volume, "service", "tickets", "none", minimum=1),
    Kpi("contact_rate", "Contacts per customer", "How often do customers need us, however many there are?", CONTACT_RATE, contact_rate,
        "service", "per 100 customers", "lower", caveats="More contacts may mean more trouble or an easier way to reach us."),
    Kpi("closed_loop", "Loop closed", "How many of the customers we let down did we get back to, and settle it?", CLOSED_LOOP, closed_loop,
        "service", "%", "higher", target=80.0, minimum=10, caveats="Counts cases that were filed; a low score nobody filed is not in it."),
)  # fmt: skip
