"""KPIs of customer needs: what customers feel about us as a whole, and how many of them we hear."""

from __future__ import annotations

from cx.analytics.coverage import VOICE_COVERAGE, voice_coverage
from cx.analytics.nps import NPS, nps_of_counts
from cx.analytics.registers import NEEDS_VALIDATED, TOP_OPPORTUNITY, needs_validated, top_opportunity
from cx.analytics.response_rate import RESPONSE_RATE, response_rate
from cx.blueprint.kpi import Kpi, where, without

KPIS = (
    Kpi(
        key="nps",
        title="NPS",
        question="How many more customers would recommend us than would advise against us?",
        measure=NPS,
        definition=nps_of_counts,
        group="needs",
        unit="points",
        better="higher",
        filter=where("responses", metric="nps"),
        series=without("responses", survey_kind="transactional"),
        target=40.0,
        caveats="A number from -100 to +100 and no percentage; surveys marked as transactional are a series of their own.",
        source="Reichheld, Harvard Business Review 12/2003; interval after Rocks, The American Statistician 70 (2016).",
    ),
    Kpi(
        key="nps_transactional",
        title="NPS after contact",
        question="Would customers recommend us right after they dealt with us?",
        measure=NPS,
        definition=nps_of_counts,
        group="needs",
        unit="points",
        better="higher",
        filter=where("responses", metric="nps", survey_kind="transactional"),
        target=40.0,
        caveats="Asked after an event, so it rates that event; not to be compared with the relationship score.",
        source="Reichheld, Harvard Business Review 12/2003; interval after Rocks, The American Statistician 70 (2016).",
    ),
    Kpi(
        key="response_rate",
        title="Response rate",
        question="Which share of the people we ask gives us an answer?",
        measure=RESPONSE_RATE,
        definition=response_rate,
        group="needs",
        unit="%",
        better="higher",
        target=25.0,
        caveats="Where invitations are not recorded there is no rate; a low one does not make a survey wrong, but asks who is missing.",
    ),
    Kpi(
        key="voice_coverage",
        title="Voice coverage",
        question="Which share of our customers has told us anything?",
        measure=VOICE_COVERAGE,
        definition=voice_coverage,
        group="needs",
        unit="%",
        better="higher",
        months=12,
        target=50.0,
        caveats="Only answers that name their customer count; a shorter period covers fewer, so compare periods of equal length.",
    ),
    Kpi(
        key="top_opportunity",
        title="Top opportunity",
        question="How badly is the need served that is worth solving first?",
        measure=TOP_OPPORTUNITY,
        definition=top_opportunity,
        group="needs",
        unit="of 20",
        better="lower",
        minimum=1,
        caveats="Only as good as the ratings of importance and satisfaction that were entered.",
        source="Ulwick, What Customers Want, 2005.",
    ),
    Kpi(
        key="needs_validated",
        title="Needs validated",
        question="How much of what we believe customers need has been put to a test?",
        measure=NEEDS_VALIDATED,
        definition=needs_validated,
        group="needs",
        unit="%",
        better="higher",
        minimum=5,
        target=50.0,
        caveats="A rejected need counts as well: a test was done.",
    ),
)
