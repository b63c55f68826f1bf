"""Help desks, CRMs, billing, shops, advertising and event logs, by the headers of their exports."""

from __future__ import annotations

from cx.intake.tools.tool import Found, Rows, Rule, Tool, by_tokens, shared

ZENDESK = Tool(
    "zendesk", "Zendesk",
    ("summation column", "requester external id", "requester", "satisfaction score", "group stations", "assignee stations", "reopens", "replies",
     "first reply time in minutes", "full resolution time in minutes", "first resolution time in minutes", "solved at", "initially assigned at", "requester email"),
    {
        "id": "ticket_id", "requester id": "customer_id", "requester external id": "customer_id", "requester email": "email", "requester": "property",
        "requester domain": "property", "submitter": "ignore", "assignee": "agent", "group": "team", "subject": "subject", "tags": "property", "status": "status",
        "priority": "priority", "via": "channel", "ticket type": "kind", "created at": "created_at", "solved at": "resolved_at", "updated at": "ignore",
        "assigned at": "ignore", "initially assigned at": "ignore", "satisfaction score": "satisfaction", "reopens": "reopens", "replies": "replies",
        "first reply time in minutes": "first_response_at:minutes", "full resolution time in minutes": "resolved_at:minutes", "resolution time": "resolved_at:hours",
        "on hold time in minutes": "property", "requester wait time in minutes": "property", "summation column": "ignore", "organization": "property",
        "first reply time in minutes within business hours": "property", "brand": "property", "due date": "property",
    },
    dataset="tickets", needs=3, dates="mdy",
    rules=(Rule(("status",), ("deleted",), "test"),),
)  # fmt: skip

INTERCOM = Tool(
    "intercom", "Intercom",
    ("conversation id", "conversation created at", "conversation first response at", "conversation closed at", "conversation rating", "conversation assignee", "user email"),
    {
        "conversation id": "ticket_id", "conversation created at": "created_at", "conversation started at": "created_at", "conversation first response at": "first_response_at",
        "conversation closed at": "resolved_at", "conversation last closed at": "resolved_at", "conversation rating": "satisfaction", "conversation state": "status",
        "conversation status": "status", "conversation assignee": "agent", "conversation team": "team", "user id": "customer_id", "user email": "email",
        "conversation subject": "subject", "conversation channel": "channel", "conversation tags": "property", "message body": "ignore", "message id": "ignore",
        "conversation rating remark": "property", "conversation priority": "priority",
    },
    dataset="tickets", zone="UTC", once=True,
)  # fmt: skip

HUBSPOT_DEALS = Tool(
    "hubspot-deals", "HubSpot deals",
    ("record id", "deal name", "deal stage", "close date", "deal owner", "pipeline", "create date", "associated company", "deal type", "associated contact"),
    {
        "record id": "deal_id", "deal id": "deal_id", "deal name": "name", "deal stage": "stage", "close date": "closed_at", "deal owner": "owner", "amount": "amount_minor:major",
        "create date": "created_at", "associated company": "customer_id", "associated company ids": "property", "deal type": "property", "pipeline": "property",
        "closed lost reason": "lost_reason", "original traffic source": "source", "original source type": "source", "deal probability": "probability", "currency": "currency",
        "last modified date": "ignore", "is closed won": "status:won", "is closed": "property", "closed won reason": "property", "associated contact": "property",
    },
    dataset="deals", needs=3,
)  # fmt: skip

SALESFORCE = Tool(
    "salesforce-opportunities", "Salesforce opportunities",
    ("opportunity id", "opportunity name", "opportunity owner", "stage", "stage name", "fiscal period", "probability", "account name", "created date", "close date", "lead source",
     "is won", "is closed", "forecast category", "age", "next step", "owner role"),
    {
        "id": "deal_id", "opportunity id": "deal_id", "opportunity name": "name", "name": "name", "stage": "stage", "stage name": "stage", "amount": "amount_minor:major",
        "probability": "probability", "probability %": "probability", "account id": "customer_id", "account name": "customer_id", "created date": "created_at",
        "close date": "closed_at", "lead source": "source", "opportunity owner": "owner", "owner id": "owner", "owner role": "team", "type": "property", "is won": "status:won",
        "is closed": "property", "fiscal period": "ignore", "fiscal year": "ignore", "fiscal quarter": "ignore", "age": "ignore", "next step": "property", "currency iso code": "currency",
        "amount currency": "currency", "loss reason": "lost_reason", "forecast category": "property", "last stage change date": "stage_entered_at",
    },
    dataset="deals", needs=4,
)  # fmt: skip

PIPEDRIVE = Tool(
    "pipedrive", "Pipedrive",
    ("deal id", "deal title", "deal value", "deal currency of value", "deal currency", "deal organization", "deal stage", "deal status", "deal deal created", "deal deal created on",
     "deal won time", "deal lost time", "deal owner", "deal pipeline", "deal expected close date", "deal contact person", "deal lost reason"),
    {
        "deal id": "deal_id", "deal title": "name", "deal value": "amount_minor:major", "deal currency of value": "currency", "deal currency": "currency",
        "deal organization": "customer_id", "deal organization id": "property", "deal contact person": "property", "deal stage": "stage", "deal status": "status", "deal owner": "owner",
        "deal deal created": "created_at", "deal deal created on": "created_at", "deal created": "created_at", "deal deal closed on": "closed_at", "deal won time": "closed_at",
        "deal lost time": "closed_at", "deal expected close date": "expected_close_at", "deal lost reason": "lost_reason", "deal probability": "probability",
        "deal source": "source", "deal label": "property", "deal pipeline": "property", "deal last stage change": "stage_entered_at",
    },
    dataset="deals", needs=4,
)  # fmt: skip

STRIPE = Tool(
    "stripe-subscriptions", "Stripe subscriptions",
    ("customer id", "customer email", "plan", "quantity", "interval", "amount", "status", "created utc", "start utc", "start date utc", "current period start utc", "current period end utc",
     "trial start utc", "trial end utc", "canceled at utc", "ended at utc", "customer description", "cancel at period end"),
    {
        "id": "subscription_id", "customer id": "customer_id", "customer email": "email", "plan": "plan", "price id": "plan", "product": "product", "amount": "mrr_minor:interval",
        "status": "status", "interval": "interval", "quantity": "property", "start utc": "started_at", "start date utc": "started_at", "created utc": "started_at", "created": "started_at",
        "current period end utc": "renews_at", "ended at utc": "ended_at", "canceled at utc": "ended_at", "currency": "currency", "customer description": "ignore",
        "customer name": "ignore", "cancellation reason": "cancel_reason", "mrr": "mrr_minor:major",
    },
    dataset="subscriptions", needs=5, zone="UTC",
)  # fmt: skip

CHARGEBEE = Tool(
    "chargebee", "Chargebee",
    ("subscriptions id", "subscriptions plan id", "subscriptions status", "subscriptions mrr", "subscriptions created at", "subscriptions activated at", "subscriptions next billing at",
     "subscriptions cancelled at", "customers id", "customers email", "subscriptions started at", "subscriptions current term end", "subscription id", "next billing at", "activated at", "plan id"),
    {
        "subscriptions id": "subscription_id", "subscription id": "subscription_id", "customers id": "customer_id", "customer id": "customer_id", "customers email": "email",
        "subscriptions plan id": "plan", "plan id": "plan", "subscriptions status": "status", "status": "status", "subscriptions mrr": "mrr_minor:major", "mrr": "mrr_minor:major",
        "subscriptions started at": "started_at", "subscriptions activated at": "started_at", "activated at": "started_at", "subscriptions created at": "started_at",
        "started at": "started_at", "subscriptions cancelled at": "ended_at", "cancelled at": "ended_at", "subscriptions next billing at": "renews_at", "next billing at": "renews_at",
        "subscriptions current term end": "renews_at", "subscriptions cancel reason code": "cancel_reason", "cancel reason": "cancel_reason", "subscriptions currency code": "currency",
        "currency": "currency", "currency code": "currency", "customers billing address country": "country",
    },
    dataset="subscriptions", needs=3,
)  # fmt: skip

SHOPIFY = Tool(
    "shopify", "Shopify",
    ("financial status", "fulfillment status", "lineitem quantity", "lineitem name", "lineitem price", "accepts marketing", "paid at", "fulfilled at", "lineitem sku"),
    {
        "name": "order_id", "email": "email", "financial status": "property", "paid at": "ignore", "fulfillment status": "property", "fulfilled at": "delivered_at", "accepts marketing": "ignore",
        "currency": "currency", "subtotal": "ignore", "shipping": "ignore", "taxes": "ignore", "total": "ignore", "discount code": "property", "lineitem quantity": "quantity",
        "lineitem name": "product", "lineitem price": "amount_minor:each", "lineitem sku": "property", "created at": "ordered_at", "shipping country": "country", "billing country": "country",
        "vendor": "supplier", "source": "channel", "refunded amount": "ignore", "id": "ignore", "billing name": "ignore", "shipping name": "ignore", "phone": "ignore",
        "billing street": "ignore", "billing phone": "ignore", "shipping street": "ignore", "shipping phone": "ignore", "billing address1": "ignore", "shipping address1": "ignore", "notes": "ignore",
        "cancelled at": "ignore", "customer id": "customer_id", "payment method": "property", "shipping method": "property", "tags": "property",
    },
    dataset="orders", needs=3,
)  # fmt: skip

GOOGLE_ADS = Tool(
    "google-ads", "Google Ads",
    ("campaign", "day", "impr", "impressions", "clicks", "cost", "conversions", "ctr", "avg cpc", "currency code", "campaign state", "campaign type", "conv value", "cost conv", "ad group"),
    {
        "campaign": "campaign", "day": "day", "impr": "impressions", "impressions": "impressions", "clicks": "clicks", "cost": "spend_minor:major", "conversions": "conversions",
        "conv value": "revenue_minor:major", "currency code": "currency", "currency": "currency", "campaign type": "channel", "ad group": "segment", "ctr": "ignore", "avg cpc": "ignore",
        "campaign state": "ignore", "cost conv": "ignore", "conv rate": "ignore", "campaign status": "ignore", "budget": "ignore", "interaction rate": "ignore", "avg cost": "ignore",
    },
    dataset="campaigns", needs=4, rules=(Rule(("campaign state", "campaign status"), ("total*",), "total line"), Rule(("campaign",), ("total*", ""), "total line"), Rule(("day",), ("total*", "", "--"), "total line")),
)  # fmt: skip

META_ADS = Tool(
    "meta-ads", "Meta Ads",
    ("campaign name", "ad set name", "reporting starts", "reporting ends", "amount spent*", "results", "result indicator", "reach", "impressions", "link clicks", "cost per results", "frequency"),
    {
        "campaign name": "campaign", "ad set name": "segment", "day": "day", "reporting starts": "day", "reporting ends": "ignore", "impressions": "impressions", "reach": "ignore",
        "link clicks": "clicks", "clicks all": "clicks", "landing page views": "visits", "leads": "leads", "results": "conversions", "purchases": "conversions",
        "purchases conversion value": "revenue_minor:major", "amount spent": "spend_minor:major", "result indicator": "property", "platform": "channel", "country": "country",
        "frequency": "ignore", "cost per results": "ignore", "campaign delivery": "ignore", "attribution setting": "ignore", "ends": "ignore", "currency": "currency",
    },
    dataset="campaigns", needs=4,
)  # fmt: skip



def events(tool: Tool, rows: Rows) -> Found | None:
    """The case or the moment by its XES name, and one other column of an event log."""
    found = set(shared(tool.tokens, rows[0]))
    return by_tokens(tool, rows) if {"case concept name", "time timestamp"} & found and len(found) > 1 else None


XES = Tool(
    "event-log", "Event log (XES columns)",
    ("case concept name", "concept name", "time timestamp", "org resource", "lifecycle transition", "start timestamp", "case id", "activity", "resource", "complete timestamp"),
    {
        "case concept name": "case_id", "concept name": "step", "time timestamp": "ended_at", "start timestamp": "started_at", "org resource": "worker", "org role": "role",
        "org group": "role", "lifecycle transition": "transition", "case id": "case_id", "activity": "step", "resource": "worker", "complete timestamp": "ended_at", "process": "process",
    },
    dataset="step_runs", needs=2, zone="UTC",
    find=events,
)  # fmt: skip
