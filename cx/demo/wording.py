"""What people write: clauses by language, theme and tone, put together differently each time."""

from __future__ import annotations

import numpy as np

Clauses = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

ENGLISH: Clauses = {
    "Delivery": (
        ("the parcel came exactly on the day you promised", "delivery was quick and the driver friendly", "everything arrived in one piece and on time", "I got a message an hour before, very handy", "next-day delivery, again", "the driver even carried it upstairs", "tracking worked and the box was well packed"),
        ("the delivery came {d} days late and nobody told us", "the courier missed the promised window twice", "we waited {d} days for an order that was promised for Monday", "the driver never rang and took the parcel back", "tracking said delivered, but nothing had arrived", "our meeting ran without coffee because the beans came too late", "I had to call three times to find out where the parcel was", "the box was left outside in the rain"),
    ),
    "Onboarding call": (
        ("the call took ten minutes and everything was clear", "our adviser went through the list step by step", "set-up was done before lunch", "I liked that somebody checked back the next day", "clear explanations, no jargon", "the checklist made it simple"),
        ("after the call I still did not know what to do next", "I had to find half of the settings myself", "it took us {d} attempts to get the machine running", "nobody told me which steps come after the call", "the instructions and the app say different things", "far too much information in one call and nothing in writing", "we needed a second appointment to finish the set-up"),
    ),
    "First use": (
        ("the first coffee was ready within minutes", "the machine explains itself", "easy to use, even for our visitors", "pairing with the app worked at once"),
        ("the first start failed with an error code", "pairing the app took all morning", "descaling at first use is badly explained", "I gave up and asked a neighbour to set it up"),
    ),
    "Support": (
        ("{a} understood the problem straight away", "solved in one call", "I got an honest answer and it worked", "very patient and polite", "quick reply and a fix the same day", "they took the time to listen", "the chat answered within a minute"),
        ("I wrote at noon and heard nothing until the next day", "I had to explain the same thing to three people", "the answer was a standard text that did not help", "nobody called back as promised", "took {d} days to get a proper reply", "my ticket was closed although the fault is still there", "I felt passed around"),
    ),
    "Product": (
        ("the coffee is excellent", "runs every day without trouble", "quiet, clean and reliable", "the beans are fresh and the machine is a joy", "the water tastes better than ever", "our team loves it"),
        ("the machine leaks every other week", "the filter did not fit properly", "the grinder is too loud for an open office", "second filter in a row that is defective", "it broke down after {d} weeks", "the milk cooler is hard to clean"),
    ),
    "Price": (
        ("fair price for what we get", "good value compared with what we had before", "no hidden costs", "the plan fits our size"),
        ("the price went up without any warning", "too expensive for a small team", "I pay for features I do not use", "competitors offer the same for less"),
    ),
    "Website": (
        ("ordering takes two clicks", "the shop is clear and fast", "I found what I needed at once"),
        ("the site logged me out in the middle of the order", "could not find the price list", "the search shows everything but what I want", "the quote form asks for too much"),
    ),
    "Billing": (
        ("invoices are clear and correct", "the credit note came the same day", "easy to change the billing details"),
        ("I was charged twice", "the invoice has no order number, our accounts department sends it back", "it took {d} weeks to correct a simple mistake"),
    ),
}  # fmt: skip
GERMAN: Clauses = {
    "Delivery": (("die Lieferung kam pünktlich am zugesagten Tag", "schnell geliefert und gut verpackt", "der Fahrer war sehr freundlich", "die Sendungsverfolgung hat gestimmt"),
                 ("die Lieferung kam {d} Tage zu spät", "der Termin wurde nicht eingehalten", "niemand hat uns über die Verspätung informiert", "der Fahrer hat nicht geklingelt", "wir mussten mehrmals nach dem Paket fragen")),
    "Onboarding call": (("die Einweisung war klar und kurz", "mit der Checkliste war alles einfach", "die Beraterin hat sich Zeit genommen"),
                        ("nach dem Gespräch wusste ich nicht, wie es weitergeht", "die Einrichtung hat {d} Anläufe gebraucht", "zu viele Informationen auf einmal")),
    "First use": (("der erste Kaffee war in Minuten fertig", "die Bedienung erklärt sich von selbst"), ("beim ersten Start kam eine Fehlermeldung", "die App findet die Maschine nicht")),
    "Support": (("mir wurde sofort geholfen", "freundlich und kompetent", "schnelle Antwort, Problem gelöst", "{a} hat sich wirklich gekümmert"),
                ("auf meine E-Mail kam erst am nächsten Tag eine Antwort", "ich musste alles dreimal erklären", "die Antwort war nur ein Textbaustein", "der versprochene Rückruf kam nie")),
    "Product": (("der Kaffee schmeckt hervorragend", "läuft seit Monaten ohne Störung", "leise und zuverlässig"), ("der Filter war undicht", "die Maschine ist ständig defekt", "das Mahlwerk ist zu laut")),
    "Price": (("gutes Preis-Leistungs-Verhältnis", "fairer Preis"), ("zu teuer geworden", "die Preiserhöhung kam ohne Ankündigung")),
    "Website": (("die Bestellung ging ganz einfach", "der Shop ist übersichtlich"), ("die Seite hat mich mitten in der Bestellung abgemeldet", "die Suche findet nichts")),
    "Billing": (("die Rechnungen sind klar", "die Gutschrift kam schnell"), ("die Rechnung war falsch", "es wurde doppelt abgebucht")),
}  # fmt: skip
FRENCH: Clauses = {
    "Delivery": (("livré à la date prévue", "livraison rapide et livreur aimable", "colis bien emballé et à l'heure"),
                 ("la livraison est arrivée avec {d} jours de retard", "le créneau annoncé n'a pas été respecté", "personne ne nous a prévenus du retard", "le livreur n'a pas sonné")),
    "Onboarding call": (("l'appel était clair et efficace", "la liste d'étapes nous a bien aidés"), ("après l'appel, je ne savais pas quoi faire", "il a fallu {d} essais pour la mise en route", "trop d'informations d'un coup")),
    "First use": (("premier café prêt en quelques minutes", "très simple à utiliser"), ("code d'erreur dès le premier démarrage", "l'application ne trouve pas la machine")),
    "Support": (("conseillère à l'écoute, problème résolu", "réponse rapide et précise", "{a} a été très aimable"), ("réponse seulement le lendemain", "j'ai dû tout expliquer trois fois", "une réponse toute faite qui n'aide pas")),
    "Product": (("le café est excellent", "machine fiable et silencieuse"), ("le filtre fuit", "la machine tombe souvent en panne")),
    "Price": (("bon rapport qualité-prix", "tarif correct"), ("trop cher pour une petite équipe", "le prix a augmenté sans prévenir")),
    "Website": (("commande très simple", "site clair"), ("le site m'a déconnecté en pleine commande", "impossible de trouver les tarifs")),
    "Billing": (("factures claires", "avoir reçu rapidement"), ("j'ai été prélevé deux fois", "facture erronée")),
}  # fmt: skip
SPANISH: Clauses = {
    "Delivery": (("llegó el día prometido", "entrega rápida y repartidor amable", "todo bien embalado y a tiempo"), ("el pedido llegó con {d} días de retraso", "no cumplieron el plazo", "nadie nos avisó del retraso", "el repartidor no llamó al timbre")),
    "Onboarding call": (("la llamada fue clara y breve", "la lista de pasos ayudó mucho"), ("después de la llamada no sabía cómo seguir", "hicieron falta {d} intentos para ponerla en marcha")),
    "First use": (("el primer café salió en minutos", "muy fácil de usar"), ("error en el primer arranque", "la aplicación no encuentra la máquina")),
    "Support": (("me ayudaron enseguida", "respuesta rápida y amable", "{a} resolvió el problema"), ("contestaron al día siguiente", "tuve que explicarlo tres veces", "una respuesta automática que no sirve")),
    "Product": (("el café es excelente", "la máquina es fiable"), ("el filtro pierde agua", "la máquina se estropea a menudo")),
    "Price": (("buena relación calidad-precio", "precio justo"), ("demasiado caro", "subieron el precio sin avisar")),
    "Website": (("pedir es muy sencillo", "la web es clara"), ("la web me desconectó en mitad del pedido", "no encuentro los precios")),
    "Billing": (("facturas claras", "el abono llegó pronto"), ("me cobraron dos veces", "la factura estaba mal")),
}  # fmt: skip
# What is said of late deliveries once the courier has changed.
NEW_COURIER = {
    "en": ("since you changed courier every order is late", "the new courier missed the window again", "Rapidroute came {d} days late", "your new delivery company is a step back",
           "the old courier was never late, this one always is", "Rapidroute says they rang, nobody did"),
    "de": ("seit dem Wechsel des Paketdienstes kommt alles zu spät", "der neue Paketdienst hält keinen Termin ein", "Rapidroute kam {d} Tage zu spät"),
    "fr": ("depuis le changement de transporteur, tout arrive en retard", "le nouveau transporteur ne respecte aucun créneau", "Rapidroute est venu {d} jours trop tard"),
    "es": ("desde que cambiaron de mensajería todo llega tarde", "la nueva mensajería nunca cumple", "Rapidroute llegó con {d} días de retraso"),
}  # fmt: skip
CLAUSES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
for _language, _clauses in CLAUSES.items():
    _clauses["New courier"] = (_clauses["Delivery"][0], NEW_COURIER[_language] + _clauses["Delivery"][1][:3])
BUT = {"en": ", but ", "de": ", aber ", "fr": ", mais ", "es": ", pero "}
AND = {"en": (", and ", ". Also, ", "; "), "de": (" und ", ". Außerdem: ", "; "), "fr": (" et ", ". De plus, ", " ; "), "es": (" y ", ". Además, ", "; ")}
OPENERS = {
    "en": (("", "", "", "Great: ", "All good, ", "Very happy, ", "Thank you! ", "What can I say: ", "As always, "), ("", "", "", "Sadly ", "Not good: ", "Disappointing, ", "Honestly, ", "For the second time: ", "Again, ")),
    "de": (("", "", "Super, ", "Sehr zufrieden: ", "Alles bestens, "), ("", "", "Leider: ", "Enttäuschend, ", "Schon wieder: ")),
    "fr": (("", "", "Très bien, ", "Parfait : ", "Merci ! "), ("", "", "Déçu : ", "Encore une fois, ", "Franchement, ")),
    "es": (("", "", "Muy bien: ", "Perfecto, ", "¡Gracias! "), ("", "", "Decepcionante: ", "Otra vez, ", "Sinceramente, ")),
}  # fmt: skip
CLOSERS = {
    "en": (("", "", "", " Keep it up.", " Will recommend.", " Thanks to the team!", " Nothing to add.", " :)"), ("", "", "", " Please fix this.", " We are thinking about leaving.", " Not what I pay for.", " Please call me.", " It used to be better.")),
    "de": (("", "", " Weiter so!", " Gerne wieder."), ("", "", " Bitte ändern.", " Früher war das besser.", " So nicht.")),
    "fr": (("", "", " Continuez ainsi.", " Je recommande."), ("", "", " À améliorer.", " C'était mieux avant.")),
    "es": (("", "", " Seguid así.", " Lo recomiendo."), ("", "", " Hay que mejorarlo.", " Antes era mejor.")),
}  # fmt: skip


def _typo(text: str, place: int) -> str:
    """Two letters changed places, one letter lost, or all in small letters."""
    at = 3 + place % max(len(text) - 6, 1)
    if place % 3 == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if at + 2 < len(text) else text
    return text[:at] + text[at + 1 :] if place % 3 == 1 else text.lower()


def compose(rng: np.random.Generator, languages: np.ndarray, themes: np.ndarray, tones: np.ndarray, agents: np.ndarray | None = None) -> np.ndarray:
    """A comment each: `tones` 1 good, 0 mixed, -1 bad about the theme; the agent's first name may be mentioned.

    A good or bad comment has one or two clauses; a mixed one sets a bad clause about the theme against a good one about another.
    """
    n = len(themes)
    dice = rng.integers(0, 1 << 30, (n, 7)).tolist()
    names = [None] * n if agents is None else agents.tolist()
    others = ("Product", "Support", "Website", "Price", "Billing")
    texts = []
    for lang, theme, tone, agent, (a, b, c, d, e, f, g) in zip(languages.tolist(), themes.tolist(), tones.tolist(), names, dice, strict=True):
        good, bad = CLAUSES[lang][theme]
        other = CLAUSES[lang][others[b % 5]]
        side = 0 if tone > 0 else 1
        if tone == 0:
            body = other[0][c % len(other[0])] + BUT[lang] + bad[a % len(bad)] if e % 2 else good[a % len(good)] + BUT[lang] + other[1][c % len(other[1])]
        else:
            own = (good, bad)[side]
            body = own[a % len(own)]
            if e % 2 == 0:
                more = own if e % 4 and len(own) > 1 else other[side]
                extra = more[(a + 1 + c % max(len(more) - 1, 1)) % len(more)]
                body += AND[lang][d % len(AND[lang])] + extra if extra != body else ""
        opener = "" if tone == 0 else OPENERS[lang][side][f % len(OPENERS[lang][side])]
        closer = "" if tone == 0 else CLOSERS[lang][side][g % len(CLOSERS[lang][side])]
        text = (opener + body).replace("{d}", str(2 + d % 8)).replace("{a}", (agent or "Your colleague").split()[0])
        text = text[0].upper() + text[1:] + ((closer and "." + closer) or ("." if b % 3 else ""))
        texts.append(_typo(text, d) if g % 17 == 0 else text)
    return np.array(texts, dtype=object)
