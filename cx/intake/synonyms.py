"""Headers by which a dataset's columns are known, a row each. A column's own name and title are always known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cx.facts.datasets import DATASETS
from cx.intake.plan import BESIDE
from cx.intake.words import plain


@dataclass(frozen=True)
class Synonym:
    """Headers that mean `field` of `dataset` ("" = of every dataset that has it). `unit` tells what the number counts."""

    dataset: str
    field: str
    headers: tuple[str, ...]
    unit: str = ""


def row(dataset: str, field: str, headers: str, unit: str = "") -> Synonym:
    """A row of the table; headers are separated by bars."""
    return Synonym(dataset, field, tuple(plain(h) for h in headers.split("|")), unit)


SYNONYMS: tuple[Synonym, ...] = (
    row("", "customer_id", "customer|client id|account id|user id|contact id|kundennummer|kunden id|kunde|kundennr|id client|numero client|id cliente|cliente|member id|visitor id|customer number"),
    row("", "email", "e-mail|email address|e-mail address|mail|e-mail-adresse|correo electrónico|adresse e-mail|customer email|contact email|user email"),
    row("", "segment", "customer segment|kundensegment|segmento|segment client|tier|customer type|audience"),
    row("", "persona", "customer persona"),
    row("", "channel", "kanal|canal|source channel|contact channel|medium|via"),
    row("", "country", "land|pays|país|pais|country code|billing country|shipping country|location country"),
    row("", "region", "territory|gebiet|région|región|bundesland|state"),
    row("", "product", "produkt|produit|producto|produto|product name|item|sku|service"),
    row("", "team", "group|gruppe|équipe|equipo|equipe|department|abteilung|assigned group|queue"),
    row("", "agent", "assignee|owner|bearbeiter|agent name|conseiller|agente|atendente|handled by|advisor"),
    row("", "touchpoint", "touch point|kontaktpunkt|point de contact|punto de contacto|journey step|page"),
    row("", "language", "sprache|langue|idioma|lang|locale"),
    row("", "currency", "währung|devise|moneda|moeda|currency code|currency iso code"),
    row("", "campaign", "campaign name|kampagne|campagne|campaña|campanha|utm campaign"),
    row("responses", "answered_at", "date|timestamp|submitted at|response date|completed at|created at|datum|zeitstempel|date de réponse|fecha|fecha de respuesta|data|submit date|end date|"
        "response time|responded at|answered|answered on|survey date|completion date|antwortdatum|beantwortet am|recorded date|submission date|date submitted|time|created|datetime|antwort am"),
    row("responses", "response_id", "id|response|submission id|respondent id|antwort id|id de réponse|id respuesta|survey response id|record id|respondent|response number"),
    row("responses", "invited_at", "sent at|invitation date|invite sent|send date|request sent at|einladung am|versendet am|invitation sent at"),
    row("responses", "delivered", "delivery status|delivered|zugestellt|email status|send status|invitation status"),
    row("responses", "survey", "survey name|umfrage|enquête|encuesta|pesquisa|form name"),
    row("responses", "question", "question code|question id"),
    row("responses", "comment", "comments|verbatim|kommentar|commentaire|comentario|comentário|feedback"),
    row("customers", "customer_id", "id|record id"),
    row("customers", "name", "full name|customer name|account name|kundenname|nom|nombre|nome|contact name"),
    row("customers", "company", "company name|organisation|organization|firma|entreprise|empresa|account"),
    row("customers", "size", "company size|employees|number of employees|größe|size band"),
    row("customers", "plan", "plan name|subscription plan|tarif"),
    row("customers", "owner", "account owner|account manager|contact owner|company owner"),
    row("customers", "status", "lifecycle stage|lead status|customer status"),
    row("customers", "joined_at", "created at|create date|customer since|signup date|sign up date|joined|kunde seit|created|member since|start date|became a customer date|created date"),
    row("customers", "left_at", "churned at|churn date|cancelled at|end date|left|gekündigt am"),
    row("customers", "leave_reason", "churn reason|cancel reason|kündigungsgrund"),
    row("customers", "consent", "marketing consent|opt in|accepts marketing|einwilligung|email opt in|newsletter"),
    row("customers", "channel", "lead source|acquisition channel|original source"),
    row("mentions", "mention_id", "id|review id|tweet id|post id|reference"),
    row("mentions", "source", "platform|site|quelle|network|domain|portal"),
    row("mentions", "author", "reviewer|user|username|author name|reviewer name|handle|consumer name"),
    row("mentions", "text", "review|content|body|review text|comment|review content|message|snippet|bewertungstext|post"),
    row("mentions", "url", "link|review url|permalink"),
    row("mentions", "rating", "stars|score|star rating|bewertung|sterne"),
    row("mentions", "rating_max", "max rating|out of|scale"),
    row("mentions", "sentiment", "sentiment score|polarity"),
    row("mentions", "reach", "followers|impressions|audience size|reach"),
    row("mentions", "posted_at", "date|created at|published at|review date|review created|posted|timestamp|datum|published|created time|review created utc"),
    row("mentions", "replied_at", "reply date|replied|response date|company reply date"),
    row("interactions", "customer_id", "user|visitor|contact|distinct id|anonymous id|user pseudo id"),
    row("interactions", "interaction_id", "id|event id|interaction id|activity id|hit id"),
    row("interactions", "event", "event name|action|activity|type|ereignis|event type|interaction type"),
    row("interactions", "happened_at", "timestamp|date|time|event time|created at|occurred at|datetime|zeitpunkt|event timestamp|event date"),
    row("interactions", "session_id", "session|visit id"),
    row("interactions", "device", "device type|device category"),
    row("interactions", "value_minor", "value|revenue|amount|event value", "major"),
    row("interactions", "duration_seconds", "duration|dauer|time on page|duration in seconds", "seconds"),
    row("tickets", "ticket_id", "id|ticket|ticket number|case id|case number|conversation id|request id|ticketnummer|number|fall|incident number|ticket #|key|issue key"),
    row("tickets", "subject", "title|summary|betreff|sujet|asunto|assunto|conversation subject"),
    row("tickets", "category", "contact reason|reason|topic|kategorie|catégorie|categoría|categoria|issue type|case reason|ticket form"),
    row("tickets", "kind", "type|ticket type|case type|record type|art"),
    row("tickets", "priority", "priorität|priorité|prioridad|prioridade|severity"),
    row("tickets", "status", "state|zustand|statut|estado|ticket status"),
    row("tickets", "created_at", "created|created on|opened|opened at|date opened|date created|create date|datum|erstellt|erstellt am|date time opened|date|créé le|creado|fecha de creación|received at|requested at|created date"),
    row("tickets", "first_response_at", "first reply at|first response|first response time|first replied at|first public reply at|erste antwort am"),
    row("tickets", "resolved_at", "solved at|closed at|resolved|solved|closed|date closed|close date|date time closed|gelöst am|resolution date|geschlossen am|closed date|resolved on"),
    row("tickets", "paused_minutes", "on hold time in minutes|requester wait time in minutes|pending minutes|waiting for customer minutes"),
    row("tickets", "reopens", "reopened|reopen count|number of reopens|count reopens"),
    row("tickets", "replies", "agent replies|number of replies|public replies|count replies"),
    row("tickets", "satisfaction", "satisfaction score|csat|satisfaction rating|csat score|rating|customer satisfaction|zufriedenheit"),
    row("tickets", "satisfaction_max", "satisfaction scale|csat max"),
    row("tickets", "cost_minor", "cost|handling cost|kosten", "major"),
    row("tickets", "channel", "origin|case origin|source|via channel|ticket channel|contact method"),
    row("tickets", "customer_id", "requester id|requester|kunde|reporter"),
    row("deals", "deal_id", "id|opportunity id|deal|record id|chance id|opportunity"),
    row("deals", "name", "deal name|opportunity name|title|deal title"),
    row("deals", "customer_id", "account id|company id|organization|account name|associated company|organization id|company|kunde|person"),
    row("deals", "source", "lead source|original source|deal source|source channel|quelle|original traffic source"),
    row("deals", "owner", "deal owner|opportunity owner|sales rep|verantwortlich|account executive"),
    row("deals", "stage", "deal stage|stage name|pipeline stage|phase|etapa|étape"),
    row("deals", "status", "deal status|outcome|won lost|forecast category|ergebnis"),
    row("deals", "probability", "probability %|deal probability|win probability|wahrscheinlichkeit|probability percent"),
    row("deals", "amount_minor", "amount|value|deal value|deal amount|betrag|montant|importe|valor|total|amount in company currency", "major"),
    row("deals", "created_at", "create date|created date|created|deal created|opened|add time|date created|erstellt am|created on|deal created on"),
    row("deals", "stage_entered_at", "last stage change date|stage entered|entered stage|last stage change"),
    row("deals", "expected_close_at", "expected close date|expected close|forecast close date"),
    row("deals", "closed_at", "close date|closed date|closed|won time|lost time|closed on|deal closed on|closed won date|abschlussdatum|deal closed"),
    row("deals", "lost_reason", "lost reason|closed lost reason|loss reason|reason lost|verlustgrund"),
    row("subscriptions", "subscription_id", "id|subscription|contract id|subscriptions id|vertragsnummer|abo id"),
    row("subscriptions", "plan", "plan name|price id|plan id|tarif|price nickname|subscriptions plan id"),
    row("subscriptions", "status", "subscription status|state"),
    row("subscriptions", "mrr_minor", "mrr|monthly recurring revenue|monthly amount|monthly price|subscription mrr", "major"),
    row("subscriptions", "started_at", "start date|started|created|created at|activated at|start|beginn|vertragsbeginn|start date utc|created utc|current term start"),
    row("subscriptions", "ended_at", "end date|ended|canceled at|cancelled at|cancelled|ended at utc|canceled at utc|ende|expired at|vertragsende"),
    row("subscriptions", "renews_at", "renewal date|next billing date|next billing at|current period end|current term end|current period end utc"),
    row("subscriptions", "cancel_reason", "cancellation reason|cancel reason|churn reason|kündigungsgrund|cancellation feedback|cancel reason code"),
    row("orders", "order_id", "id|order|order number|order name|bestellnummer|bestellung|número de pedido|commande|numéro de commande|transaction id"),
    row("orders", "product", "lineitem name|product title|artikel|article|line item|artikelname"),
    row("orders", "category", "product type|product category|kategorie|warengruppe"),
    row("orders", "supplier", "vendor|courier|carrier|lieferant|shipping company|fournisseur|lineitem vendor"),
    row("orders", "quantity", "qty|menge|lineitem quantity|quantité|cantidad|units|pieces|anzahl"),
    row("orders", "amount_minor", "amount|total|line total|price|betrag|umsatz|revenue|total price|subtotal|net sales|montant|importe", "major"),
    row("orders", "ordered_at", "date|order date|created at|bestelldatum|purchase date|created|date de commande|fecha de pedido|bestellt am"),
    row("orders", "promised_at", "promised date|delivery promised|expected delivery|estimated delivery|zugesagt am|due date|promised"),
    row("orders", "delivered_at", "delivery date|delivered|geliefert am|delivered on|date delivered"),
    row("orders", "returned", "is returned|return|refunded|retoure|was returned"),
    row("campaigns", "day", "date|datum|reporting starts|jour|día|dia|tag|reporting date"),
    row("campaigns", "campaign", "campaign|utm campaign"),
    row("campaigns", "channel", "platform|network|source|campaign type|publisher platform|source medium"),
    row("campaigns", "segment", "ad set name|ad group|ad set|audience|adgroup"),
    row("campaigns", "impressions", "impr|views|impressionen|impresiones"),
    row("campaigns", "clicks", "link clicks|klicks|clics|cliques|clicks all"),
    row("campaigns", "visits", "sessions|landing page views|besuche|visites|visitas"),
    row("campaigns", "leads", "leads form|new leads|on facebook leads"),
    row("campaigns", "conversions", "results|purchases|konversionen|conversiones|orders|customers"),
    row("campaigns", "spend_minor", "spend|cost|amount spent|kosten|coût|costo|gasto|budget spent", "major"),
    row("campaigns", "revenue_minor", "revenue|conv value|conversion value|purchase conversion value|purchases conversion value|umsatz|all conv value|total conversion value", "major"),
    row("measurements", "measurement_id", "id|inspection id|sample id|record id"),
    row("measurements", "process", "step|station|line|prozess|operation"),
    row("measurements", "characteristic", "measure|metric|parameter|merkmal|feature|measurement|test|variable"),
    row("measurements", "value", "result|reading|messwert|measured value|wert|actual"),
    row("measurements", "subgroup", "lot|batch|shift|sample|charge|los"),
    row("measurements", "sample_size", "n|inspected|units|units inspected|sample size|stichprobe"),
    row("measurements", "defectives", "defective|rejects|defective units|nok|ausschuss"),
    row("measurements", "defects", "defect count|errors|fehler|number of defects"),
    row("measurements", "lower_limit", "lsl|lower spec|lower specification limit|min|utg"),
    row("measurements", "upper_limit", "usl|upper spec|upper specification limit|max|otg"),
    row("measurements", "target", "nominal|sollwert|aim"),
    row("measurements", "passed", "pass|ok|passed|in spec|bestanden"),
    row("measurements", "supplier", "vendor|lieferant|fournisseur"),
    row("measurements", "operator", "inspector|machine|worker|prüfer|maschine"),
    row("measurements", "measured_at", "date|timestamp|time|inspected at|measured on|gemessen am|datum|inspection date|sample date"),
    row("step_runs", "process", "process name|workflow|prozess|process id|concept:name of log"),
    row("step_runs", "case_id", "case|case concept name|case:concept:name|trace|trace id|instance|fall|case identifier|caseid"),
    row("step_runs", "step", "activity|concept name|concept:name|task|aktivität|activité|actividad|event|activity name|schritt"),
    row("step_runs", "transition", "lifecycle transition|lifecycle:transition|lifecycle|event lifecycle|event transition"),
    row("step_runs", "role", "org role|org:role|team|org group|department|rolle"),
    row("step_runs", "worker", "resource|org resource|org:resource|user|agent|mitarbeiter|employee"),
    row("step_runs", "outcome", "result|lifecycle outcome|ergebnis"),
    row("step_runs", "value_added", "value adding|adds value|wertschöpfend|value added"),
    row("step_runs", "started_at", "start|start time|start timestamp|time timestamp|time:timestamp|start date|timestamp|begin|beginn|started|start_timestamp|startzeit"),
    row("step_runs", "ended_at", "end|end time|complete timestamp|completed at|complete time|end timestamp|end date|ende|finished|finish|complete|completed|endzeit"),
    row("trainings", "training_id", "id|enrolment id|enrollment id|registration id"),
    row("trainings", "employee_id", "employee number|staff id|learner id|personalnummer|user id|person id"),
    row("trainings", "employee", "learner|employee name|participant|name|mitarbeiter|teilnehmer|full name"),
    row("trainings", "course", "course name|training|course title|kurs|schulung|formation|curso|program"),
    row("trainings", "session", "session id|class|class date|cohort"),
    row("trainings", "status", "completion status|enrolment status|enrollment status|state"),
    row("trainings", "enrolled_at", "enrolled|enrolment date|enrollment date|registered at|start date|date|angemeldet am|enrolled on"),
    row("trainings", "completed_at", "completed|completion date|completed on|abgeschlossen am|end date|finished"),
    row("trainings", "expires_at", "expiry date|expires|valid until|gültig bis|expiration date"),
    row("trainings", "pre_score", "pre test|pretest|pre test score|score before|vorher"),
    row("trainings", "post_score", "post test|posttest|post test score|score after|score|nachher|final score|grade"),
    row("trainings", "max_score", "maximum score|max points|total points|out of"),
    row("trainings", "reaction", "course rating|satisfaction|rating|evaluation|feedback score"),
    row("trainings", "behaviour", "behavior|manager rating|on the job rating"),
    row("trainings", "cost_minor", "cost|price|fee|kosten|cost per participant", "major"),
)  # fmt: skip

# What serves where a needed column is missing, by dataset.
INSTEAD = {
    ("customers", "customer_id"): "email",
    ("interactions", "customer_id"): "email",
    ("subscriptions", "customer_id"): "email",
    ("trainings", "employee_id"): "employee",
    ("step_runs", "started_at"): "ended_at",
}


@cache
def headers_of(dataset: str) -> dict[str, tuple[str, str]]:
    """Plain header -> (field, unit) for a dataset: its own names first, then its rows, then those of every dataset."""
    types = DATASETS[dataset].types
    known: dict[str, tuple[str, str]] = {}
    for name, title in DATASETS[dataset].titles.items():
        known[plain(name)] = (name, "")
        if not name.endswith("_minor"):
            known.setdefault(plain(title), (name, ""))
            known.setdefault(plain(name.removesuffix("_at")), (name, ""))
    for synonym in sorted(SYNONYMS, key=lambda s: not s.dataset):
        if synonym.dataset in ("", dataset) and (synonym.field in types or synonym.field == "email" or synonym.field in BESIDE.get(dataset, ())):
            for header in synonym.headers:
                known.setdefault(header, (synonym.field, synonym.unit))
    for name in types:
        if name.endswith("_minor"):
            known.setdefault(plain(name.removesuffix("_minor")), (name, "major"))
    return known
