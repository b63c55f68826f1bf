"""Exports as the tools write them, made by code: tool, variant, bytes, and what reading them must give."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

import openpyxl

from cx.intake import Options

Table = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Export:
    """One file: `scores` are (metric, score) of all score rows in file order; `excluded` counts by reason."""

    tool: str
    variant: str
    content: bytes
    records: int
    scores: tuple[tuple[str, float], ...] = ()
    dataset: str = "responses"
    rows: int | None = None
    excluded: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    options: Options = field(default_factory=Options)
    name: str = "export.csv"
    first: dict[str, object] = field(default_factory=dict)


def text(rows: Table, delimiter: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def made(rows: Table, delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    return text(rows, delimiter, end, quoting).encode(encoding)


def zipped(content: bytes, name: str = "export.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def workbook(rows: Table) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ASK = "How likely are you to recommend Acme to a friend or colleague?"
WHY = "What is the main reason for your score?"
EASY = "Acme made it easy for me to handle my issue"
HAPPY = "Overall, how satisfied are you with the delivery?"


def qualtrics(rows_between: str = "all", anonymous: bool = False, german: bool = False, status: str = "code") -> bytes:
    codes = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId", "RecipientLastName",
             "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage",
             "Q1_NPS_GROUP", "Q1", "Q2", "Q16_1", "Q16_2", "Segment"]  # fmt: skip
    texts = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID", "Recipient Last Name",
             "Recipient First Name", "Recipient Email", "External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel", "User Language",
             f"{ASK} - Group", f"{ASK}\nPlease choose a number.", WHY, "How satisfied are you with the following? - Price", "How satisfied are you with the following? - Delivery", "Segment"]  # fmt: skip
    if german:
        texts[:9] = ["Anfangsdatum", "Enddatum", "Antworttyp", "IP-Adresse", "Aktueller Stand", "Dauer (in Sekunden)", "Beendet", "Erfassungsdatum", "Antwort-ID"]
        texts[18] = "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?"
    ids = [json.dumps({"ImportId": c, "timeZone": "Europe/Berlin"} if "Date" in c else {"ImportId": c}) for c in codes]
    normal, preview, spam = ("0", "1", "8") if status == "code" else ("IP Address", "Survey Preview", "Spam")
    yes, no = ("1", "0") if status == "code" else ("True", "False")

    def row(n: int, kind: str, done: str, nps: object, why: str, price: object, delivery: object) -> list[object]:
        moment = f"2025-03-{10 + n:02d} 08:28:09"
        return [moment, moment, kind, "203.0.113.9", 100, 40, done, moment, f"R_{n}abcDEF", "Doe", "Jo", f"Jo{n}@Example.com", "", 47.1, 7.2, "email", "DE", "Promoter", nps, why, price, delivery, "Enterprise"]

    data = [row(1, normal, yes, 9, "Good, fast", 4, 5), row(2, normal, yes, 0, "", 2, ""), row(3, preview, yes, 10, "test", 5, 5), row(4, normal, no, 7, "", 3, 3), row(5, spam, yes, 1, "", 1, 1)]
    data.append(row(6, normal, yes, 10, "Line one\nline two", "", 3))
    head = {"all": [codes, texts, ids], "no json": [codes, texts], "none": [codes]}[rows_between]
    table = [*head, *data]
    if anonymous:
        gone = {3, 9, 10, 11, 13, 14}
        table = [[c for i, c in enumerate(r) if i not in gone] for r in table]
    return made(table, end="\n", quoting=csv.QUOTE_ALL if status != "code" else csv.QUOTE_MINIMAL)


QUALTRICS_SCORES = (("nps", 9.0), ("csat", 4.0), ("csat", 5.0), ("nps", 0.0), ("csat", 2.0), ("nps", 10.0), ("csat", 3.0))
QUALTRICS_LEFT = {"preview": 1, "partial": 1, "spam": 1}


def qualtrics_legacy() -> bytes:
    head = [f"V{i}" for i in range(1, 11)] + ["Q1", "Q2", "LocationLatitude", ""]
    under = ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate", "EndDate", "Finished", ASK, WHY, "LocationLatitude", ""]
    day = "2017-07-18 08:28:09"
    data = [[f"R_{i}", "Default Response Set", "Anonymous", "C7", "", "", kind, day, day, done, nps, "ok", 47.1, ""] for i, (kind, done, nps) in enumerate([(0, 1, 9), (1, 1, 3), (0, 0, 4), (0, 1, 6), (0, 1, 0)])]
    return ("\ufeff" + text([head, under, *data])).encode()


def monkey(contacts: bool = True, end: str = "\r\n") -> bytes:
    lead = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    lead += ["IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1"] if contacts else []
    top = [*lead, ASK, "Which did you buy? Select all that apply.", "", "", "How satisfied are you with our service?", WHY, ""]
    sub = [*[""] * len(lead), "Response", "Shoes", "Hats", "Other (please specify)", "Response", "Open-Ended Response", ""]

    def row(n: int, nps: object, bought: list[str], rating: object, why: str) -> list[object]:
        contact = ["203.0.113.9", f"p{n}@example.com", "Jo", "Doe", "x"] if contacts else []
        return [114000000 + n, 4321, f"11/{n}/2021 08:43:36 PM", f"11/{n}/2021 9:03:36 PM", *contact, nps, *bought, rating, why, ""]

    data = [row(1, "10 - Extremely likely", ["Shoes", "", ""], "5: Very satisfied", "Great, really"), row(2, 0, ["", "Hats", "Socks"], 4, ""), row(3, "N/A", ["", "", ""], "1: Very dissatisfied", "Slow"), row(4, 8, ["Shoes", "Hats", ""], "N/A", "")]
    return made([top, sub, *data], end=end)


MONKEY_SCORES = (("nps", 10.0), ("csat", 5.0), ("nps", 0.0), ("csat", 4.0), ("csat", 1.0), ("nps", 8.0))


def google(stamp: str = "Timestamp", dates: Sequence[str] = ("4/22/2016 19:57:50", "4/3/2016 9:01:00", "5/1/2016 1:00:00"), ask: str = ASK, mail: str = "Email Address") -> bytes:
    head = [stamp, mail, ask, "What did you use?", "How do you rate [Speed]", "How do you rate [Price]", "Any other comments?"]
    data = [[d, f"g{i}@example.com", nps, "Web, App", speed, price, note] for i, (d, nps, speed, price, note) in enumerate(zip(dates, (10, 0, 7), (5, 4, 3), (1, 2, 3), ("Nice\nline", "", "Hm, slow"), strict=True))]
    return made([head, *data])


GOOGLE_SCORES = (("nps", 10.0), ("rating", 5.0), ("rating", 1.0), ("nps", 0.0), ("rating", 4.0), ("rating", 2.0), ("nps", 7.0), ("rating", 3.0), ("rating", 3.0))


def microsoft(dates: Sequence[str] = ("2026-09-10 09:00", "2026-09-11 10:30", "2026-09-12 11:00")) -> list[list[object]]:
    head = ["ID", "Start time", "Completion time", "Email", "Name", ASK, "Which products do you use?", WHY, "Points - Quiz", "Feedback - Quiz"]
    return [head, *[[i + 1, d, d, "anonymous", "", nps, "Basic;Plus;", f"Because – {i} of my reasons", "", ""] for i, (d, nps) in enumerate(zip(dates, (9, 0, 8), strict=True))]]  # type: ignore[list-item]


def typeform(old: bool = False) -> bytes:
    tokens = [f"{n:032x}" for n in (11, 22, 33, 44)]
    if old:
        head = ["#", ASK, "Which?", "Other", "Other", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"]
        return made([head, *[[t, s, "a, b", "", "x", "2017-03-09 00:37:10", "2017-03-09 00:39:10", "5f57f20d14"] for t, s in zip(tokens, (9, 3, 0, 10), strict=True)]])
    head = ["#", f"{ASK} {{{{field:abc}}}}", WHY, "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags", "Ending"]
    kinds = ("completed", "partial", "completed", "started")
    return made([head, *[[t, s, "long words about it", k, "2024-03-09 00:37:10", "", "2024-03-09 00:39:10", "5f57f20d14", "", "A"] for t, s, k in zip(tokens, (9, 3, 0, ""), kinds, strict=True)]])


def lime(texts: str = "codes", delimiter: str = ",") -> bytes:
    heads = {
        "codes": ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "nps", "G1Q2[SQ001]", "G1Q2[SQ002]", "kommentar"],
        "texts": ["Response ID", "Date submitted", "Last page", "Start language", "Seed", "Date started", "Date last action", ASK, "Which channels do you use? [Phone]", "Which channels do you use? [E-mail]", WHY],
        "german": ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert", "Datum gestartet", "Datum letzte Aktivität", "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
                   "Welche Kan&auml;le nutzen Sie? [Telefon]", "Welche Kan&auml;le nutzen Sie? [E-Mail]", "Was ist der Grund für Ihre Bewertung?"],
    }  # fmt: skip
    yes, no = ("Y", "N") if texts == "codes" else ("Ja", "Nein") if texts == "german" else ("Yes", "No")
    data = [[1, "2021-05-01 12:00:00", 3, "de", 123, "2021-05-01 11:00:00", "2021-05-01 12:00:00", 10, yes, no, "Sehr schnelle Lieferung, danke"],
            [2, "", 1, "de", 124, "2021-05-01 11:00:00", "2021-05-01 11:05:00", 3, no, no, ""],
            [3, "1980-01-01 00:00:00", 3, "de", 125, "2021-05-01 11:00:00", "2021-05-01 12:00:00", 5, yes, yes, ""],
            [4, "2021-05-14 12:00:00", 3, "de", 126, "2021-05-01 11:00:00", "2021-05-01 12:00:00", 0, yes, yes, "Zu langsam; zu teuer"]]  # fmt: skip
    return made([heads[texts], *data], delimiter, quoting=csv.QUOTE_ALL)


def formbricks(old: bool = False) -> bytes:
    head = ["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "Formbricks ID (internal)", "User ID", "Notes", "Tags", f"1. {ASK}", f"2. {WHY}", "3. Plan", "3. Plan - Option ID"]
    days = ("Sat Jun 15 2024", "Sun Jun 16 2024", "Mon Jun 17 2024") if old else ("2024-06-15 10:00:00", "2024-06-16 10:00:00", "2024-06-17 10:00:00")
    return made([head, *[[i + 1, f"cl{i}", d, f, "s1", f"f{i}", f"u{i}", "", "", s, "It works as it should", "Pro", "x1"] for i, (d, f, s) in enumerate(zip(days, ("Yes", "No", "Yes"), (9, 4, 0), strict=True))]])


ZENDESK = [
    ["Summation column", "Id", "Requester", "Requester id", "Requester email", "Assignee", "Group", "Subject", "Status", "Priority", "Via", "Ticket type", "Created at", "Solved at", "Satisfaction Score",
     "Group stations", "Assignee stations", "Reopens", "Replies", "First reply time in minutes", "Resolution time", "Product [list]"],
    [1, 101, "Ann", 77, "ann@example.com", "Bo", "Support", "Broken", "Closed", "High", "Mail", "Incident", "1/5/2025 9:00", "1/6/2025 9:00", "Good", 1, 1, 0, 2, 30, 24, "Pro"],
    [1, 102, "Cy", 78, "cy@example.com", "Bo", "Support", "Bill", "Open", "Low", "Web", "Question", "1/7/2025 9:00", "", "Not Offered", 1, 1, 0, 0, "", "", "Basic"],
    [1, 103, "Di", 79, "di@example.com", "Bo", "Support", "Late", "Solved", "Normal", "Chat", "Problem", "1/8/2025 9:00", "1/8/2025 19:00", "Bad", 1, 1, 1, 4, 12.5, 10, ""],
]  # fmt: skip


def exports() -> list[Export]:
    """Every tool of the table in every variant."""
    q = QUALTRICS_SCORES
    mail = {"customer_id": "jo1@example.com"}
    all_ = [
        Export("qualtrics", "three rows", qualtrics(), 6, q, excluded=QUALTRICS_LEFT, first=mail | {"comment": "Good, fast", "segment": "Enterprise", "language": "de"}),
        Export("qualtrics", "labels", qualtrics(status="label"), 6, q, excluded=QUALTRICS_LEFT),
        Export("qualtrics", "German row 2", qualtrics(german=True), 6, q, excluded=QUALTRICS_LEFT),
        Export("qualtrics", "anonymised", qualtrics(anonymous=True), 6, q, excluded=QUALTRICS_LEFT, first={"customer_id": None}),
        Export("qualtrics", "row 3 deleted", qualtrics("no json"), 6, q, excluded=QUALTRICS_LEFT),
        Export("qualtrics", "rows 2 and 3 deleted", qualtrics("none"), 6, (("nps", 9.0), ("nps", 0.0), ("nps", 10.0)), excluded=QUALTRICS_LEFT),
        Export("qualtrics", "UTF-16 tabs", made(list(csv.reader(io.StringIO(qualtrics().decode(), newline=""))), "\t", "utf-16"), 6, q, excluded=QUALTRICS_LEFT),
        Export("qualtrics", "zipped", zipped(qualtrics()), 6, q, excluded=QUALTRICS_LEFT, name="export.zip"),
        Export("qualtrics", "previews wanted", qualtrics(), 6, (*q[:5], ("nps", 10.0), ("csat", 5.0), ("csat", 5.0), *q[5:]), excluded={"partial": 1, "spam": 1}, options=Options(include=("preview",))),
        Export("qualtrics", "legacy", qualtrics_legacy(), 5, (("nps", 9.0), ("nps", 6.0), ("nps", 0.0)), excluded={"preview": 1, "partial": 1}, first={"customer_id": "C7"}),
        Export("surveymonkey", "two rows", monkey(), 4, MONKEY_SCORES, first={"customer_id": "p1@example.com", "comment": "Great, really"}),
        Export("surveymonkey", "no contacts", monkey(False), 4, MONKEY_SCORES, first={"customer_id": None}),
        Export("surveymonkey", "CR line ends", monkey(end="\r"), 4, MONKEY_SCORES),
        Export("surveymonkey", "zipped", zipped(monkey()), 4, MONKEY_SCORES),
        Export("surveymonkey", "RespondentID", monkey().replace(b"Respondent ID", b"RespondentID"), 4, MONKEY_SCORES),
        Export("google-forms", "English", google(), 3, GOOGLE_SCORES, first={"comment": "Nice\nline", "customer_id": "g0@example.com"}),
        Export("google-forms", "German", google("Zeitstempel", ("22.04.2016 19:57:50", "03.04.2016 09:01:00", "01.05.2016 01:00:00"), "Wie wahrscheinlich würden Sie uns weiterempfehlen?", "E-Mail-Adresse"), 3, GOOGLE_SCORES),
        Export("google-forms", "Spanish", google("Marca temporal", ("22/4/2016 19:57:50", "3/4/2016 9:01:00", "1/5/2016 1:00:00"), "¿Recomendaría Acme a un amigo?"), 3, GOOGLE_SCORES),
        Export("google-forms", "French", google("Horodateur", ("22/04/2016 19:57:50", "03/04/2016 09:01:00", "01/05/2016 01:00:00"), "Recommanderiez-vous Acme à un ami ?"), 3, GOOGLE_SCORES),
        Export("google-forms", "Portuguese", google("Carimbo de data/hora", ("22/04/2016 19:57:50", "03/04/2016 09:01:00", "01/05/2016 01:00:00"), "Você recomendaria a Acme a um amigo?"), 3, GOOGLE_SCORES),
        Export("google-forms", "zone in the stamp", google(dates=("2014/08/27 11:29:31 AM GMT+1", "2014/08/28 1:29:31 PM GMT+1", "2014/08/29 11:29:31 AM GMT+1")), 3, GOOGLE_SCORES),
        Export("microsoft-forms", "CSV", made(microsoft(), encoding="cp1252"), 3, (("nps", 9.0), ("nps", 0.0), ("nps", 8.0)), first={"customer_id": None}),
        Export("microsoft-forms", "CSV m/d/y", made(microsoft(("10/9/2024 11:02", "10/19/2024 11:02", "10/20/2024 11:02"))), 3, (("nps", 9.0), ("nps", 0.0), ("nps", 8.0))),
        Export("microsoft-forms", "XLSX", workbook(microsoft()), 3, (("nps", 9.0), ("nps", 0.0), ("nps", 8.0)), name="export.xlsx"),
        Export("typeform", "old", typeform(True), 4, (("nps", 9.0), ("nps", 3.0), ("nps", 0.0), ("nps", 10.0))),
        Export("typeform", "current", typeform(), 4, (("nps", 9.0), ("nps", 0.0)), excluded={"partial": 2}),
        Export("tally", "CSV", made([["Submission ID", "Respondent ID", "Submitted at", ASK, WHY], ["s1", "r1", "2024-08-11 23:25:40", 9, "So good to use"], ["s2", "r2", "2024-08-12 23:25:40", 0, ""]]), 2, (("nps", 9.0), ("nps", 0.0))),
        Export("limesurvey", "codes", lime(), 4, (("nps", 10.0), ("nps", 0.0)), excluded={"partial": 2}),
        Export("limesurvey", "texts", lime("texts"), 4, (("nps", 10.0), ("nps", 0.0)), excluded={"partial": 2}),
        Export("limesurvey", "German, semicolons", ("\ufeff" + lime("german", ";").decode()).encode(), 4, (("nps", 10.0), ("nps", 0.0)), excluded={"partial": 2}, first={"comment": "Sehr schnelle Lieferung, danke"}),
        Export("formbricks", "current", formbricks(), 3, (("nps", 9.0), ("nps", 0.0)), excluded={"partial": 1}, first={"customer_id": "u0"}),
        Export("formbricks", "old dates", formbricks(True), 3, (("nps", 9.0), ("nps", 0.0)), excluded={"partial": 1}),
        Export("delighted", "text dates", made([["Score", "Comment", "Permalink", "Email", "Created at", "Delighted Source", "Delighted Browser"], [9, "Nice", "https://x", "a@example.com", "Jan 15, 2024 10:00 AM", "Email", "Chrome"], [1, "", "https://y", "b@example.com", "Jan 16, 2024 10:00 AM", "Web", "Safari"]]), 2, (("nps", 9.0), ("nps", 1.0))),
        Export("delighted", "unix seconds", made([["Score", "Comment", "Permalink", "Created at", "Delighted Source", "Delighted Link Name"], [9, "Nice", "https://x", 1718445600, "Email", ""], [0, "", "https://y", 1718545600, "Web", ""]]), 2, (("nps", 9.0), ("nps", 0.0))),
        Export("hubspot-feedback", "three types", made([["Date", "Sentiment", "Rating", "Response", "Survey name", "Survey type", "Email"], ["2024-05-14", "Promoter", 10, "Great", "Quarterly", "NPS", "h@example.com"], ["2024-05-15", "Happy", 2, "", "After support", "CSAT", ""], ["2024-05-15", "Easy", 7, "", "Onboarding", "CES", ""], ["2024-05-15", "?", 5, "", "After support", "CSAT", ""]]), 4, (("nps", 10.0), ("csat", 2.0), ("ces", 7.0)), rejected=1),
        Export("medallia", "requests", made([["request_id", "request_sent_at", "request_delivery_status", "response_received_at", "star_rating", "comments"], ["q1", "2024-05-14 10:00:00", "DELIVERED", "2024-05-14 12:00:00", 5, "Good"], ["q2", "2024-05-14 10:00:00", "DELIVERED", "", "", ""], ["q3", "2024-05-14 10:00:00", "BOUNCED", "", "", ""]]), 3, (("csat", 5.0),), rows=3, first={"delivered": True}),
        Export("touchpoints", "flags", ("\ufeff" + text([["external_id", "question_1", "positive_effectiveness", "positive_ease", "positive_efficiency", "positive_other", "negative_other", "question_4"], ["a1", 1, 1, 0, "null", "", "", "Found it"], ["a2", 0, "", "", "", "", 1, ""]])).encode(), 2, (("csat", 1.0), ("csat", 0.0))),
        Export("zendesk", "tickets", made(ZENDESK), 3, dataset="tickets", rows=3, first={"ticket_id": "101", "satisfaction": 1.0, "customer_id": "77", "priority": "High"}),
        Export("intercom", "per message", made([["conversation_id", "conversation_created_at", "conversation_first_response_at", "conversation_closed_at", "user_email"], *[[i // 2, "2024-05-14 10:00:00", "2024-05-14 10:05:00", "2024-05-14 11:00:00", "z@example.com"] for i in range(4)]]), 4, dataset="tickets", rows=2, excluded={"repeats an earlier record": 2}, first={"customer_id": "z@example.com"}),
        Export("hubspot-deals", "deals", made([["Record ID", "Deal Name", "Deal Stage", "Close Date", "Deal owner", "Amount", "Pipeline", "Create Date", "Currency"], [1, "A", "Closed Won", "2024-06-01 10:00", "Bo", "1,200.50", "Sales", "2024-05-01 10:00", "EUR"], [2, "B", "Proposal", "2024-07-01 10:00", "Bo", "300", "Sales", "2024-05-02 10:00", "EUR"]]), 2, dataset="deals", rows=2, first={"amount_minor": 120050, "status": "won", "currency": "EUR"}),
        Export("salesforce-opportunities", "report", made([["Opportunity ID", "Opportunity Name", "Opportunity Owner", "Stage", "Amount", "Probability (%)", "Account Name", "Created Date", "Close Date", "Lead Source"], ["006A", "A", "Bo", "Closed Lost", "1000", "0%", "Acme", "5/13/2024", "6/30/2024", "Web"], ["006B", "B", "Bo", "Negotiation", "500", "60%", "Bcme", "5/14/2024", "7/30/2024", "Event"]]), 2, dataset="deals", rows=2, first={"status": "lost", "amount_minor": 100000, "probability": 0.0}),
        Export("pipedrive", "deals", made([["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Currency of Value", "Deal - Organization", "Deal - Stage", "Deal - Status", "Deal - Deal created", "Deal - Won time", "Deal - Lost time", "Deal - Owner"], [5, "X", "900", "USD", "Acme", "Demo", "Won", "2024-05-01 10:00:00", "2024-06-01 10:00:00", "", "Bo"]]), 1, dataset="deals", rows=1, first={"status": "won", "amount_minor": 90000, "currency": "USD"}),
        Export("stripe-subscriptions", "subscriptions", made([["id", "Customer ID", "Customer Email", "Plan", "Quantity", "Currency", "Interval", "Amount", "Status", "Created (UTC)", "Start (UTC)", "Current Period Start (UTC)", "Current Period End (UTC)", "Canceled At (UTC)", "Ended At (UTC)"], ["sub_1", "cus_1", "s@example.com", "pro", 1, "eur", "year", "120.00", "active", "2024-01-02 10:00", "2024-01-02 10:00", "2024-01-02 10:00", "2025-01-02 10:00", "", ""], ["sub_2", "cus_2", "t@example.com", "pro", 1, "eur", "month", "12.00", "canceled", "2024-01-02 10:00", "2024-01-02 10:00", "2024-01-02 10:00", "2025-01-02 10:00", "2024-03-02 10:00", "2024-03-02 10:00"]]), 2, dataset="subscriptions", rows=2, first={"mrr_minor": 1000, "currency": "EUR", "status": "active"}),
        Export("chargebee", "subscriptions", made([["subscriptions.id", "customers.id", "subscriptions.plan_id", "subscriptions.status", "subscriptions.mrr", "subscriptions.started_at", "subscriptions.cancelled_at", "subscriptions.next_billing_at", "customers.email"], ["s1", "c1", "pro", "active", "49.00", "2024-01-15 10:00:00", "", "2024-02-15 10:00:00", "c@example.com"]]), 1, dataset="subscriptions", rows=1, first={"mrr_minor": 4900, "customer_id": "c1"}),
        Export("shopify", "orders", made([["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Currency", "Subtotal", "Total", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Vendor"], ["#1001", "O@example.com", "paid", "2024-05-14 10:00:00 +0200", "fulfilled", "2024-05-16 10:00:00 +0200", "EUR", 30, 35, "2024-05-14 10:00:00 +0200", 2, "Hat", "10.00", "Acme"], ["#1001", "O@example.com", "", "", "", "", "", "", "", "", 1, "Sock", "10.00", "Acme"]]), 2, dataset="orders", rows=2, first={"order_id": "#1001", "amount_minor": 2000, "quantity": 2.0, "customer_id": "o@example.com"}),
        Export("google-ads", "report with titles", ("Campaign report\r\n" + '"May 1, 2024 - May 31, 2024"\r\n' + text([["Day", "Campaign", "Currency code", "Clicks", "Impr.", "Cost", "Conversions", "Conv. value"], ["2024-05-01", "Spring", "EUR", "1,200", "40,000", "350.25", "12", "900.00"], ["Total: account", "--", "EUR", "1,200", "40,000", "350.25", "12", "900.00"]])).encode(), 2, dataset="campaigns", rows=1, excluded={"total line": 1}, first={"clicks": 1200, "spend_minor": 35025}),
        Export("meta-ads", "report", made([["Reporting starts", "Reporting ends", "Campaign name", "Ad set name", "Impressions", "Reach", "Link clicks", "Amount spent (EUR)", "Results", "Result indicator"], ["2024-05-01", "2024-05-01", "Spring", "Young", 1000, 800, 50, "12.34", 3, "lead"]]), 1, dataset="campaigns", rows=1, first={"spend_minor": 1234, "currency": "EUR", "segment": "Young"}),
        Export("event-log", "XES names", made([["case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition"], ["c1", "Check", "2024-05-01T10:00:00+02:00", "Ann", "complete"], ["c1", "Ship", "2024-05-01T12:00:00+02:00", "Bo", "start"]]), 2, dataset="step_runs", rows=2),
        Export("event-log", "starts and completions", made([["case:concept:name", "concept:name", "time:timestamp", "lifecycle:transition"], ["c1", "Check", "2024-05-01T10:00:00+02:00", "start"], ["c1", "Check", "2024-05-01T10:30:00+02:00", "suspend"], ["c1", "Check", "2024-05-01T11:00:00+02:00", "complete"]]), 3, dataset="step_runs", rows=1, excluded={"event that neither starts nor completes a step": 1, "start, joined with its completion to one run": 1}),
        Export("generic", "event log", made([["case", "activity", "start", "end", "resource"], ["c1", "Check", "2024-05-01 10:00:00", "2024-05-01 11:00:00", "Ann"], ["c1", "Ship", "2024-05-01 12:00:00", "2024-05-01 13:00:00", "Bo"]]), 2, dataset="step_runs", rows=2),
        Export("generic", "score, comment", made([["Date", "NPS", "Comment", "Email", "Segment"], ["2024-05-14", 9, "Good", "a@example.com", "B2B"], ["2024-05-15", 0, "", "b@example.com", "B2C"]]), 2, (("nps", 9.0), ("nps", 0.0)), first={"segment": "B2B"}),
        Export("generic", "semicolons, German", made([["Datum", "Wie wahrscheinlich ist eine Weiterempfehlung?", "Kommentar", "Kundennummer"], ["14.05.2024", 9, "Gut; schnell", "K1"], ["15.05.2024", 0, "", "K2"]], ";", "cp1252"), 2, (("nps", 9.0), ("nps", 0.0)), first={"customer_id": "K1"}),
        Export("generic", "effort 1-7", made([["date", "response id", EASY, "comment"], ["2024-05-14", 1, 7, "ok"], ["2024-05-15", 2, 1, ""]]), 2, (("ces", 7.0), ("ces", 1.0))),
        Export("generic", "satisfaction in words", made([["date", "id", HAPPY], ["2024-05-14", 1, "Very satisfied"], ["2024-05-15", 2, "Dissatisfied"], ["2024-05-15", 3, "Neutral"]]), 3, (("csat", 5.0), ("csat", 2.0), ("csat", 3.0))),
    ]  # fmt: skip
    return all_
