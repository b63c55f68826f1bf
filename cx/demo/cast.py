"""Who and what plays a part: segments, countries, products, teams and the people in them."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Brunoma"
CURRENCY = "EUR"


@dataclass(frozen=True)
class Segment:
    """A segment: its share of customers, monthly churn, median monthly fee (cents), orders a month, and its words."""

    name: str
    share: float
    churn: float
    fee: int
    orders: float
    plans: tuple[str, str]
    personas: tuple[str, str]
    machines: tuple[str, str]
    sizes: tuple[str, ...]


SEGMENTS = (
    Segment("Consumer", 0.42, 0.0175, 2_900, 0.12, ("Home", "Home Plus"), ("Home barista", "Busy parent"), ("Brunoma One", "Brunoma Duo"), ("1",)),
    Segment("Small business", 0.28, 0.0150, 12_000, 0.21, ("Team", "Team Plus"), ("Café owner", "Studio founder"), ("Brunoma Duo", "Brunoma Studio"),
            ("1-9", "10-49")),
    Segment("Mid-market", 0.20, 0.0110, 55_000, 0.58, ("Business", "Business Plus"), ("Office manager", "Facility manager"),
            ("Brunoma Studio", "Brunoma Office"), ("50-249", "250-999")),
    Segment("Enterprise", 0.10, 0.0060, 140_000, 0.62, ("Corporate", "Corporate Global"), ("Procurement lead", "Workplace lead"),
            ("Brunoma Office", "Brunoma Pro"), ("1000-4999", "5000+")),
)  # fmt: skip
MID_MARKET = 2
SEGMENT_NAMES = tuple(s.name for s in SEGMENTS)

COUNTRIES = ("Ireland", "Netherlands", "Germany", "France", "Spain", "Austria")
COUNTRY_SHARES = (0.30, 0.21, 0.19, 0.14, 0.10, 0.06)
REGIONS = ("Isles & Benelux", "Isles & Benelux", "DACH", "France & Iberia", "France & Iberia", "DACH")
LANGUAGES = ("en", "en", "de", "fr", "es", "de")
INDUSTRIES = ("Software", "Legal services", "Retail", "Hospitality", "Health care", "Manufacturing", "Education", "Architecture", "Logistics", "Media")

PRODUCTS = ("Brunoma One", "Brunoma Duo", "Brunoma Studio", "Brunoma Office", "Brunoma Pro", "Water point", "Milk cooler", "Bean box", "Filter set", "Cup tower")
CATEGORIES = ("Machines",) * 6 + ("Accessories",) + ("Consumables",) * 3
PRICES = (49_900, 79_000, 169_000, 289_000, 459_000, 129_000, 24_900, 6_900, 3_400, 2_600)
FILTER = PRODUCTS.index("Filter set")
TOUCHPOINTS = ("Website", "Sales consultation", "Order", "Delivery", "Onboarding call", "First use", "Support", "Billing", "Renewal")
COURIERS = ("Parcelio", "Nordfracht", "Rapidroute")
NEW_COURIER = "Rapidroute"
SUPPLIERS = ("Calwerk Filters", "Ferrolux Pumps", "Torrefa Beans", "Kartonia", "Elgano Boards")
SLIPPING = "Calwerk Filters"
COURSE = "Empathy & first-contact resolution"

CARE, TECH, LOGISTICS, BILLING = range(4)
TEAMS = ("Customer care", "Technical support", "Logistics desk", "Billing desk")
SALES_TEAMS = ("Sales Isles & Benelux", "Sales DACH", "Sales France & Iberia")

_AGENTS = {
    CARE: "Aoife Brennan, Mateo Iglesias, Leila Haddad, Jonas Becker, Priya Raman, Sofie de Vries, Kwame Asante, Camille Laurent, Yuki Tanaka, Ewa Nowak, "
    "Tomás Herrera, Ingrid Solberg, Amadou Diallo, Katrin Vogel, Nuala Keane, Rajesh Pillai, Elif Yıldız, Bram Jansen, Chiara Conti, Olena Shevchenko, "
    "Diego Paredes, Hannah Weiss, Minh Tran, Fatou Ndiaye, Luc Moreau, Zainab Bello, Pieter Bakker, Ana Sousa, Declan Walsh, Mei-Ling Wu",
    TECH: "Stefan Krüger, Arjun Mehta, Inés Calderón, Cillian Doyle, Marta Kowalska, Thijs Mulder, Hassan Karimi, Julie Fontaine, Paweł Zieliński, Grace Okafor, "
    "Lukas Steiner, Anaïs Girard, Bilal Demir, Sanne Visser",
    LOGISTICS: "Roisin Murphy, Emre Aydın, Carla Domínguez, Felix Hartmann, Noor van Dijk, Théo Rousseau, Adaeze Eze, Jakub Novák",
    BILLING: "Greta Lindqvist, Omar Farouk, Beatriz Molina, Conor Daly, Sabine Huber, Jin Park, Maud Lefèvre, Ivana Petrović",
}  # fmt: skip
AGENTS: tuple[tuple[str, int], ...] = tuple((name.strip(), team) for team, names in _AGENTS.items() for name in names.split(","))
AGENT_NAMES = tuple(name for name, _ in AGENTS)
TRAINED = (*range(0, 30, 2), 5, 11, 17)

_REPS = (
    "Siobhán Clarke, Daan Smit, Femke Peters, Rory Gallagher, Lotte Hendriks, Chidi Nwosu, Emma Byrne, Ruben Dekker, Niamh Foley, Joris Kuiper",
    "Anna Schneider, Maximilian Wolf, Deniz Kaya, Johanna Gruber, Tobias Lang, Milena Jovanović, Sven Richter, Clara Hofer",
    "Antoine Mercier, Lucía Navarro, Yasmine Benali, Javier Ortega, Manon Dubois, Pablo Serrano, Inès Cherif",
)
REPS: tuple[tuple[str, int], ...] = tuple((name.strip(), team) for team, names in enumerate(_REPS) for name in names.split(","))

_FIRST = (
    "Sean Ciara Liam Orla Patrick Maeve Kevin Sinéad Brian Fiona James Grace Adeola Viktor Sunita",
    "Jan Sanne Daan Lotte Willem Femke Bas Anouk Hugo Iris Youssef Merel Ruben Esra Koen",
    "Thomas Julia Stefan Lena Markus Sabine Felix Nina Uwe Petra Mehmet Svenja Olaf Agnieszka Timo",
    "Pierre Claire Julien Sophie Nicolas Élodie Karim Manon Thierry Aurélie Mamadou Chloé Gilles Nadia Rémi",
    "Carlos María Javier Lucía Pablo Carmen Diego Elena Andrés Pilar Iker Rocío Sergio Noa Álvaro",
    "Lukas Anna Florian Katharina Georg Eva Martin Verena Dragan Theresa Jakob Birgit Wolfgang Milica Paul",
)
_LAST = (
    "Murphy Kelly O'Brien Ryan Byrne Walsh Nolan Doyle Kavanagh Fitzgerald Burke Lynch Okonkwo Kowalczyk Sharma",
    "de-Jong Jansen Bakker Visser Smit Meijer Bos Mulder Peters Dekker Kaya Hendriks Vos El-Amrani Brouwer",
    "Müller Schmidt Weber Wagner Becker Hoffmann Koch Richter Klein Wolf Yılmaz Neumann Schwarz Krause Nowak",
    "Martin Bernard Dubois Petit Durand Leroy Moreau Garnier Faure Rousseau Traoré Blanc Chevalier Benali Lambert",
    "García López Martínez Sánchez Pérez Gómez Ruiz Hernández Moreno Navarro Iglesias Ortega Vidal Castro Ibáñez",
    "Gruber Huber Bauer Wagner Pichler Steiner Moser Mayer Hofer Leitner Berger Fuchs Eder Jovanović Schmid",
)
FIRST_NAMES = tuple(tuple(names.split()) for names in _FIRST)
LAST_NAMES = tuple(tuple(name.replace("-", " ") if name == "de-Jong" else name for name in names.split()) for names in _LAST)
COMPANY_HEADS = ("Atlas", "Lumen", "Harbour", "Kastanie", "Riviera", "Polder", "Solano", "Granit", "Brightside", "Merkur", "Oakfield", "Delta", "Linde", "Azur",
                 "Nordic", "Castell", "Quartz", "Willow", "Tangent", "Aurora", "Kompass", "Marisma", "Foyle", "Zenith", "Papillon", "Vista")  # fmt: skip
COMPANY_TAILS = ("Studios", "Logistics", "Partners", "Works", "Clinic", "Systems", "Legal", "Hotels", "Media", "Foods", "Architects", "Academy", "Retail",
                 "Engineering", "Labs", "Travel", "Design", "Energy", "Textiles", "Consulting")  # fmt: skip
COMPANY_ENDS = ("Ltd", "BV", "GmbH", "SARL", "SL", "GmbH")
