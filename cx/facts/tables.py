"""The twelve fact tables. Moments are UTC; money is in minor units with its currency; empty means unknown."""

from __future__ import annotations

from datetime import datetime

from cx.facts.columns import Fact, column, count, minor, moment


class Customer(Fact):
    """One row a customer, as known now."""

    customer_id: str | None = column("Identifier of the customer, the same in every dataset")
    name: str | None = column("Name of the person or account")
    email: str | None = column("E-mail address, used to match survey respondents")
    company: str | None = column("Company the person belongs to")
    segment: str | None = column("Customer segment, such as Enterprise or Consumer")
    persona: str | None = column("Persona the customer is closest to")
    industry: str | None = column("Industry of the company")
    country: str | None = column("Country")
    region: str | None = column("Region within the company's own geography")
    size: str | None = column("Size band, such as 50-249 employees")
    plan: str | None = column("Plan or tier bought")
    channel: str | None = column("Channel through which the customer was won")
    owner: str | None = column("Account owner")
    status: str | None = column("Lifecycle status: prospect, active, left")
    joined_at: datetime | None = moment("When the customer became one")
    left_at: datetime | None = moment("When the customer left; empty while active")
    leave_reason: str | None = column("Reason given for leaving")
    consent: bool | None = column("Whether the customer agreed to be contacted for marketing")


class Response(Fact):
    """One row an answer: one question answered by one respondent, or an invitation not answered."""

    response_id: str | None = column("Identifier of the whole response in the survey tool")
    survey: str | None = column("Name of the survey")
    survey_kind: str | None = column("relationship (periodic or tracking) or transactional (after an event)")
    question: str | None = column("Code of the question")
    question_text: str | None = column("Wording of the question")
    metric: str | None = column("What the question measures: nps, ces, csat, rating, choice, text or invitation")
    score: float | None = column("Score given, in the question's own scale")
    scale_min: float | None = column("Lowest score of the scale")
    scale_max: float | None = column("Highest score of the scale")
    higher_is_better: bool | None = column("Polarity: false where a higher score is worse, as in effort 1.0")
    answer: str | None = column("Answer in words, for choices and open questions")
    comment: str | None = column("What the respondent wrote beside the score")
    customer_id: str | None = column("Customer who answered")
    segment: str | None = column("Segment of the respondent when answering")
    persona: str | None = column("Persona of the respondent")
    channel: str | None = column("Channel the response or the contact came through")
    touchpoint: str | None = column("Touchpoint the question is about")
    product: str | None = column("Product or service the question is about")
    team: str | None = column("Team that served the respondent")
    agent: str | None = column("Person who served the respondent")
    language: str | None = column("Language of the response, as a two-letter code")
    country: str | None = column("Country of the respondent")
    invited_at: datetime | None = moment("When the invitation was sent")
    delivered: bool | None = column("Whether the invitation arrived; empty where unknown")
    answered_at: datetime | None = moment("When the response was recorded; empty where there was none")


class Mention(Fact):
    """One row a review or public mention."""

    mention_id: str | None = column("Identifier at the source")
    source: str | None = column("Where it was published, such as Trustpilot or X")
    author: str | None = column("Name or handle of the author")
    customer_id: str | None = column("Customer, where the author is known")
    text: str | None = column("What was written")
    url: str | None = column("Address of the mention")
    rating: float | None = column("Stars or points given")
    rating_max: float | None = column("Highest rating possible")
    sentiment: float | None = column("Sentiment from -1 (negative) to 1 (positive), where the source gives it")
    segment: str | None = column("Segment of the author, where known")
    product: str | None = column("Product mentioned")
    touchpoint: str | None = column("Touchpoint mentioned")
    language: str | None = column("Language, as a two-letter code")
    country: str | None = column("Country")
    reach: int | None = count("People reached")
    posted_at: datetime | None = moment("When it was published")
    replied_at: datetime | None = moment("When we replied")


class Interaction(Fact):
    """One row a thing a customer or visitor did: a page seen, a call, a log-in, a purchase step."""

    interaction_id: str | None = column("Identifier at the source")
    customer_id: str | None = column("Customer or visitor")
    event: str | None = column("What happened, such as sign-up or first use")
    touchpoint: str | None = column("Touchpoint where it happened")
    channel: str | None = column("Channel, such as web, app, phone, e-mail or a paid medium")
    campaign: str | None = column("Campaign that led here")
    session_id: str | None = column("Session or visit")
    product: str | None = column("Product concerned")
    segment: str | None = column("Segment of the customer at that time")
    persona: str | None = column("Persona of the customer")
    device: str | None = column("Device used")
    country: str | None = column("Country")
    value_minor: int | None = minor("Value of the event")
    currency: str | None = column("ISO currency code")
    duration_seconds: float | None = column("How long it took, in seconds")
    happened_at: datetime | None = moment("When it happened")


class Ticket(Fact):
    """One row a service request or complaint."""

    ticket_id: str | None = column("Identifier in the help desk")
    customer_id: str | None = column("Customer who asked")
    segment: str | None = column("Segment of the customer at that time")
    subject: str | None = column("Subject line")
    category: str | None = column("Contact reason")
    kind: str | None = column("question, incident, request or complaint")
    channel: str | None = column("Channel: e-mail, phone, chat, web, social")
    priority: str | None = column("Priority, such as low, normal, high or urgent")
    status: str | None = column("open, pending, solved or closed")
    team: str | None = column("Team in charge")
    agent: str | None = column("Agent in charge")
    touchpoint: str | None = column("Touchpoint concerned")
    product: str | None = column("Product concerned")
    country: str | None = column("Country of the customer")
    created_at: datetime | None = moment("When the request arrived")
    first_response_at: datetime | None = moment("First public reply by a person")
    resolved_at: datetime | None = moment("When it was resolved last")
    paused_minutes: float | None = column("Minutes spent waiting for the customer")
    reopens: int | None = count("How often it was reopened")
    replies: int | None = count("Replies sent to the customer")
    satisfaction: float | None = column("Satisfaction with the handling, in its own scale")
    satisfaction_max: float | None = column("Highest satisfaction possible")
    cost_minor: int | None = minor("Cost of handling")
    currency: str | None = column("ISO currency code")


class Deal(Fact):
    """One row a sales opportunity, as known now; its stage history is a process in `step_runs` (process = sales)."""

    deal_id: str | None = column("Identifier in the CRM")
    customer_id: str | None = column("Customer or prospect")
    name: str | None = column("Name of the deal")
    segment: str | None = column("Segment of the customer")
    source: str | None = column("Where the lead came from")
    campaign: str | None = column("Campaign the lead came from")
    channel: str | None = column("Sales channel")
    owner: str | None = column("Sales representative")
    team: str | None = column("Sales team")
    product: str | None = column("Product offered")
    country: str | None = column("Country")
    stage: str | None = column("Stage it stands in")
    status: str | None = column("open, won or lost")
    probability: float | None = column("Probability of winning set by the team, 0 to 1")
    amount_minor: int | None = minor("Amount")
    currency: str | None = column("ISO currency code")
    created_at: datetime | None = moment("When it was opened")
    stage_entered_at: datetime | None = moment("When it entered the present stage")
    expected_close_at: datetime | None = moment("When it is expected to close")
    closed_at: datetime | None = moment("When it was won or lost")
    lost_reason: str | None = column("Reason it was lost")


class Subscription(Fact):
    """One row a stretch of a subscription at one price; a change of price ends one row and starts the next."""

    subscription_id: str | None = column("Identifier in the billing system")
    customer_id: str | None = column("Customer who pays")
    segment: str | None = column("Segment of the customer at that time")
    plan: str | None = column("Plan")
    product: str | None = column("Product")
    channel: str | None = column("Channel through which it was sold")
    country: str | None = column("Country")
    status: str | None = column("active, ended or trial")
    mrr_minor: int | None = minor("Monthly recurring revenue")
    currency: str | None = column("ISO currency code")
    started_at: datetime | None = moment("Start of this stretch")
    ended_at: datetime | None = moment("End of this stretch; empty while it runs")
    renews_at: datetime | None = moment("Next renewal")
    cancel_reason: str | None = column("Reason for cancelling")


class Order(Fact):
    """One row an order line."""

    order_id: str | None = column("Identifier of the order")
    customer_id: str | None = column("Customer who ordered")
    segment: str | None = column("Segment of the customer at that time")
    product: str | None = column("Product on this line")
    category: str | None = column("Product category")
    channel: str | None = column("Channel the order came through")
    country: str | None = column("Country delivered to")
    supplier: str | None = column("Supplier or courier")
    quantity: float | None = column("Pieces")
    amount_minor: int | None = minor("Amount of the line")
    currency: str | None = column("ISO currency code")
    ordered_at: datetime | None = moment("When it was ordered")
    promised_at: datetime | None = moment("Delivery promised")
    delivered_at: datetime | None = moment("Delivery made")
    returned: bool | None = column("Whether it was sent back")


class Campaign(Fact):
    """One row a campaign, channel and day."""

    campaign: str | None = column("Name of the campaign")
    channel: str | None = column("Medium, such as search, social, e-mail, event")
    segment: str | None = column("Audience addressed")
    product: str | None = column("Product advertised")
    country: str | None = column("Country")
    day: datetime | None = moment("Day the figures are for")
    impressions: int | None = count("Times shown")
    clicks: int | None = count("Clicks")
    visits: int | None = count("Visits to the site")
    leads: int | None = count("Leads won")
    conversions: int | None = count("Customers won")
    spend_minor: int | None = minor("Money spent")
    revenue_minor: int | None = minor("Revenue attributed by the platform")
    currency: str | None = column("ISO currency code")


class Measurement(Fact):
    """One row a measurement or inspection of a product, delivery or process."""

    measurement_id: str | None = column("Identifier at the source")
    process: str | None = column("Process or production step")
    characteristic: str | None = column("What was measured")
    unit: str | None = column("Unit of the value")
    value: float | None = column("Value measured")
    subgroup: str | None = column("Rational subgroup, such as a shift or a lot")
    sample_size: int | None = count("Units inspected")
    defectives: int | None = count("Units found defective")
    defects: int | None = count("Defects found")
    opportunities: int | None = count("Chances for a defect in one unit")
    lower_limit: float | None = column("Lower specification limit")
    upper_limit: float | None = column("Upper specification limit")
    target: float | None = column("Nominal value")
    passed: bool | None = column("Whether it passed at first")
    product: str | None = column("Product")
    supplier: str | None = column("Supplier")
    operator: str | None = column("Person or machine")
    segment: str | None = column("Customer segment served")
    touchpoint: str | None = column("Touchpoint concerned")
    measured_at: datetime | None = moment("When it was measured")


class StepRun(Fact):
    """One row a step carried out in one case of a process: an event log with start and end."""

    process: str | None = column("Name of the process")
    case_id: str | None = column("Case the step belongs to")
    step: str | None = column("Step or activity")
    role: str | None = column("Role or team that did it")
    worker: str | None = column("Person or machine that did it")
    customer_id: str | None = column("Customer the case is for")
    segment: str | None = column("Segment of that customer")
    touchpoint: str | None = column("Touchpoint it belongs to")
    outcome: str | None = column("Outcome of the step")
    value_added: bool | None = column("Whether the customer would pay for this step")
    started_at: datetime | None = moment("When work on it began")
    ended_at: datetime | None = moment("When it was done")


class Training(Fact):
    """One row an employee's part in a course session."""

    training_id: str | None = column("Identifier of the enrolment")
    employee_id: str | None = column("Employee")
    employee: str | None = column("Name of the employee")
    role: str | None = column("Role")
    team: str | None = column("Team")
    course: str | None = column("Course")
    session: str | None = column("Session of the course")
    status: str | None = column("enrolled, attended, completed, missed or cancelled")
    enrolled_at: datetime | None = moment("When enrolled")
    completed_at: datetime | None = moment("When completed")
    expires_at: datetime | None = moment("When the certificate expires")
    pre_score: float | None = column("Test score before, of `max_score`")
    post_score: float | None = column("Test score after, of `max_score`")
    max_score: float | None = column("Highest test score")
    reaction: float | None = column("How the participant rated the course, 1 to 5")
    behaviour: float | None = column("Behaviour at work as rated by the manager later, 1 to 5")
    cost_minor: int | None = minor("Cost per participant")
    currency: str | None = column("ISO currency code")
