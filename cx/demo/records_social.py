"""What Brunoma answers in public: mentions taken up, answered and closed. They refer to mentions of seed 7."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

Row = dict[str, Any]


def ago(days: float) -> timedelta:
    """So many days before the end."""
    return timedelta(days=-days)


# Reference, customer, stars, what was said, days ago, owner, answered after, closed after, cause, answer
_MENTIONS = (
    ("Google|M02953", "C10388", 2, "Not good: since you changed courier every order is late. We are thinking about leaving.", 5, "Sofie de Vries", None, None, None, None),
    ("Trustpilot|M02954", "C12160", 1, "For the second time: since you changed courier every order is late. Please fix this.", 5, "Sofie de Vries", None, None, None, None),
    ("Google|M02883", "C11185", 1, "Your new delivery company is a step back. Please fix this.", 15, "Roisin Murphy", None, None, None, None),
    ("Trustpilot|M02961", "C10424", 1, "not good: we waited 3 days for an order that was promised for monday", 4, "Sofie de Vries", 2, None, None,
     "You waited three days for nothing, and we are sorry. Your next delivery comes on Thursday before noon; Sofie from our team calls you today."),
    ("X|M02880", "C14193", None, "For the second time: Rapidroute came 2 days late. Please call me.", 16, "Emre Aydın", 1, None, None, "We called you this morning and will drive the parcel over ourselves."),
    ("Google|M02889", "C14562", 1, "Disappointing, the old courier was never late, this one always is. Also, the new courier missed the window again. We are thinking about leaving.", 15, "Roisin Murphy", 1, 6,
     "Courier misses the window", "Your account is back with the courier you knew. Thank you for telling us."),
    ("Trustpilot|M02878", "C13369", 2, "The courier missed the promised window twice. Also, nobody called back as promised. Not what I pay for.", 16, "Leila Haddad", 1, 4, "Call-back not noted",
     "Nobody called back, and somebody should have. Leila is your contact from now on; the delivery fee is refunded."),
)  # fmt: skip


def _reply(row: tuple[Any, ...]) -> Row:
    reference, customer, stars, said, posted, owner, answered, closed, cause, answer = row
    status = "resolved" if closed else "contacted" if answered else "open"
    segment = "Enterprise" if customer == "C14562" else "Mid-market"
    return {
        "title": f"{reference.split('|')[0]}: late delivery", "status": status, "source": "mention", "reference": f"demo:{reference}", "customer_id": customer, "segment": segment,
        "touchpoint": "Delivery", "score": stars, "comment": said, "priority": "normal", "owner": owner, "due_on": ago(posted - 6), "contacted_at": ago(posted - answered) if answered else None,
        "resolved_at": ago(posted - closed) if closed else None, "cause": cause, "outcome": answer,
    }  # fmt: skip


RECORDS: dict[str, list[Row]] = {"follow_up": [_reply(row) for row in _MENTIONS]}
