"""Customer service management."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

SERVICE = ProcessGroup(
    key="service",
    number=3,
    title="Service",
    purpose="Answer customers fast and settle their matter the first time, at a cost we can name.",
    icon="support_agent",
    section="Serve and sell",
    headline="nps",
    kpis=("nps",),
    steps=(
        SubProcess(
            "strategy",
            "Service strategy",
            "Decide what good service means here before measuring it.",
            "Keep objectives, policies and KPI targets with their owners and review dates.",
            records=("policy", "target"),
        ),
        SubProcess(
            "staffing",
            "Staffing",
            "Have enough trained people at the hours when customers call.",
            "Read demand by weekday and hour, size teams with Erlang C, try what-ifs and see who is trained for what.",
            records=("employee",),
            datasets=("tickets", "trainings"),
        ),
        SubProcess(
            "channels",
            "Channels",
            "Offer the channels that suit customers, and run each of them well.",
            "Keep channels and opening hours, and compare volume, reply time and satisfaction between them.",
            kpis=("nps",),
            records=("channel", "business_hours"),
            datasets=("tickets", "responses"),
        ),
        SubProcess(
            "response",
            "Service levels",
            "Promise a time to reply and to solve, and keep the promise.",
            "Define service levels with business hours and pauses, see what was met, breached or is at risk, and who is to be told.",
            records=("sla_policy", "business_hours", "escalation_rule"),
            datasets=("tickets",),
        ),
        SubProcess(
            "performance",
            "Performance",
            "Know how service does by its distribution, not by a flattering mean.",
            "Follow reply and resolution times, first-contact resolution, backlog and reopens by team, agent, category and channel.",
            records=("target",),
            datasets=("tickets",),
        ),
        SubProcess(
            "feedback",
            "Closing the loop",
            "Call back whoever was let down, and learn why it happened.",
            "Work an inbox of low scores with owner, due date, cause and outcome, and see how many were settled.",
            kpis=("nps",),
            records=("follow_up",),
            datasets=("responses", "tickets"),
        ),
        SubProcess(
            "improvement",
            "Service improvement",
            "Remove the reasons for contact rather than answer them faster.",
            "Rank contact reasons by volume and cost, find repeat contacts and file the action that ends them.",
            records=("action",),
            datasets=("tickets",),
        ),
    ),
)
