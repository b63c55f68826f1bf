"""Three journeys to start a map from. Feelings are left to those who know the customers; what is wanted is a proposal."""

from __future__ import annotations

from collections.abc import Mapping

FIELDS = ("phase", "name", "actions", "touchpoint", "channel", "thoughts", "feeling_wanted", "pains", "opportunities", "owner")
Row = tuple[str, str, str, str, str, str, int, str, str, str]

_B2B: tuple[Row, ...] = (
    ("Awareness", "Notice the problem", "Talks with colleagues\nReads a report", "Content", "Web", "Others seem to have solved this.", 1, "Too much noise", "Name the problem better than anyone", "Marketing"),
    ("Awareness", "Find providers", "Searches, asks peers", "Website", "Web", "Who is serious here?", 2, "Pages say the same", "Show customers of the same size", "Marketing"),
    ("Consideration", "Compare on paper", "Reads prices, features, reviews", "Website", "Web", "What will it really cost us?", 2, "Price only on request", "Publish prices and limits", "Marketing"),
    ("Consideration", "See it live", "Asks for a demo\nBrings the team", "Sales consultation", "Video call", "Does it do our case?", 3, "Standard demo", "Prepare with their data", "Sales"),
    ("Purchase", "Try it", "Runs a pilot with a few people", "Trial", "App", "Can we do this ourselves?", 3, "Nobody helps at the start", "Check-in after three days", "Customer success"),
    ("Purchase", "Agree and sign", "Security, legal, purchasing", "Contract", "E-mail", "How long will this take?", 2, "Three rounds of papers", "Answer the questionnaire ahead", "Sales"),
    ("Retention", "Set up", "Imports data, invites people", "Onboarding call", "Video call", "Where do I begin?", 3, "Hand-off repeats questions", "One plan, one owner", "Customer success"),
    ("Retention", "First value", "First result shown to the boss", "First use", "App", "It works for us.", 4, "Takes weeks", "Define it and measure the time to it", "Product"),
    ("Retention", "Daily use and help", "Uses it\nAsks when stuck", "Support", "Chat", "Will somebody answer?", 3, "Explains it twice", "History at hand", "Support"),
    ("Retention", "Review and renew", "Looks back at the year", "Renewal", "Video call", "Was it worth it?", 3, "Only the invoice arrives", "Show what was achieved", "Account management"),
    ("Advocacy", "Recommend", "Tells peers, gives a reference", "Reference", "Event", "I look good recommending this.", 4, "Nobody asks", "Make it easy to tell", "Marketing"),
)  # fmt: skip
_SHOP: tuple[Row, ...] = (
    ("Awareness", "See an offer", "Scrolls, hears from a friend", "Advertising", "Social", "That looks nice.", 2, "Seen ten times already", "Stop after purchase", "Marketing"),
    ("Consideration", "Browse", "Searches, filters, looks at pictures", "Website", "Web", "Is it the right size?", 3, "Filters lose the choice", "Keep the choice", "E-commerce"),
    ("Consideration", "Read reviews", "Reads the bad ones first", "Reviews", "Web", "What goes wrong with it?", 2, "Old reviews", "Answer each bad one", "Marketing"),
    ("Purchase", "Fill the basket", "Adds, compares shipping", "Basket", "Web", "What does delivery cost?", 2, "Costs appear late", "Say it on the product page", "E-commerce"),
    ("Purchase", "Pay", "Guest or account, card or wallet", "Checkout", "Web", "Is this safe?", 2, "Account forced", "Guest by default", "E-commerce"),
    ("Purchase", "Wait", "Follows the parcel", "Order tracking", "E-mail", "When does it come?", 2, "Silence", "One message a day that matters", "Logistics"),
    ("Retention", "Receive", "Is at home or is not", "Delivery", "Courier", "At last.", 4, "Neighbour, depot, rain", "Choose a place and a time", "Logistics"),
    ("Retention", "Unpack and use", "Tries it the same day", "First use", "", "As in the picture?", 4, "Instructions", "A one-minute film", "Product"),
    ("Retention", "Return or keep", "Prints a label, queues", "Returns", "Web", "Will I get my money?", 2, "Refund takes weeks", "Refund at hand-in", "Service"),
    ("Advocacy", "Buy again, tell others", "Gets a reminder that fits", "Newsletter", "E-mail", "They know me.", 3, "Generic vouchers", "Remind when it is used up", "Marketing"),
)  # fmt: skip
_SERVICE: tuple[Row, ...] = (
    ("Before", "Something is wrong", "Tries again, restarts", "Product use", "", "Is it me?", 1, "Error says nothing", "Error names the next step", "Product"),
    ("Before", "Look for help", "Searches the help pages", "Help pages", "Web", "Somebody must have had this.", 2, "Search finds everything", "Top ten answers first", "Service"),
    ("Request", "Get in touch", "Chooses a channel, explains", "Contact form", "Web", "Where is the number?", 2, "Form asks what they know", "Fill in what is known", "Service"),
    ("Request", "Wait for an answer", "Checks the inbox", "Acknowledgement", "E-mail", "Did they get it?", 1, "No idea how long", "Say when, and keep it", "Service"),
    ("Handling", "Talk to somebody", "Explains, sends pictures", "Support", "Phone", "Do they listen?", 3, "Explains it three times", "One person to the end", "Service"),
    ("Handling", "Be passed on", "Waits for another team", "Second line", "Phone", "Who has it now?", 2, "Falls between teams", "Owner stays, work moves", "Technical support"),
    ("Resolution", "Get the solution", "Tries it, confirms", "Resolution", "E-mail", "It works.", 4, "Closed though broken", "Close only when they say so", "Service"),
    ("After", "Be asked", "Answers a survey, or not", "Survey", "E-mail", "Does anybody read this?", 3, "Nothing follows", "Call back low scores", "Service"),
)  # fmt: skip

TEMPLATES: Mapping[str, tuple[Row, ...]] = {"B2B subscription": _B2B, "E-commerce": _SHOP, "Service request": _SERVICE}


def steps(name: str) -> list[dict[str, object]]:
    """The steps of a template as values of the register of journey steps, `touchpoint` still by name."""
    return [{"position": i, **dict(zip(FIELDS, row, strict=True))} for i, row in enumerate(TEMPLATES[name], 1)]
