"""Words by which customers praise and complain, in English, German, French and Spanish.

A word ending in * stands for all that begin with it. Numbers are strengths on a scale of -4 to 4. The lists hold the
vocabulary of service, delivery, product, price and billing; English general words come from VADER's list besides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Lexicon:
    """`words`, `stems`, `phrases`: strength by word, by beginning, by several words. `after`: whether a negation may follow what it negates."""

    words: dict[str, float]
    stems: dict[str, float]
    phrases: dict[tuple[str, ...], float]
    negators: frozenset[str]
    boosters: frozenset[str]
    dampeners: frozenset[str]
    turns: frozenset[str]
    function: frozenset[str] = field(default=frozenset())
    after: bool = False


ENGLISH = {
    3.0: "excellent outstanding fantastic superb brilliant flawless* delight* thrilled wonderful amazing love loved loves perfect perfectly",
    2.0: """good great friendly helpful quick quickly fast easy easily reliable clear patient polite recommend* happy satisfied smooth* pleasant punctual kind efficient
            professional solved resolved thank thanks thankful fair handy fresh quiet clean intuitive competent honest worked works simple joy enjoy* prompt* responsive
            seamless* courteous value on_time in_time at_once straight_away right_away same_day without_trouble no_hidden keep_it_up well_done good_value in_one_piece next-day better""",
    -2.0: """late delay* slow slowly wait waited waiting problem* issue* error* fail* broke* defect* faulty damag* wrong mistake* rude unfriendly expensive overpriced
             charged_twice complain* confus* complicated difficult hard unclear missing missed lost leak* crash* unhelpful ignored annoy* disappoint* poor bad badly loud
             sadly unfortunately impersonal unanswered cancel* incorrect unreliable useless stuck dirty cold refund* competitor* leaving gave_up broke_down step_back
             logged_out went_up still_waiting no_answer price_increase sends_back sent_back too_much too_long too_many too_slow standard_text nobody noone again_and_again myself""",
    -3.0: "terrible awful horrible worst unacceptable disgust* scam nightmare furious appalling dreadful unusable hate hated incompetent pathetic never_again",
}
GERMAN = {
    3.0: "hervorragend* ausgezeichnet* fantastisch* perfekt* begeister* super toll* großartig* exzellent* genial* wunderbar* liebe bestens spitze klasse traumhaft*",
    2.0: """gut gute guter gutes guten gutem freundlich* hilfsbereit* hilfreich* schnell* einfach* zuverlässig* klar klare klarer klares klaren pünktlich* kompetent* höflich*
            empfehl* empfohlen zufrieden* angenehm* unkompliziert* gelöst geholfen danke* dank fair* leise übersichtlich* verständlich* sauber* gerne prompt* sofort sympathisch*
            geduldig* reibungslos* preiswert* günstig* professionell* intuitiv* gekümmert schmeckt frisch* weiter_so gut_verpackt von_selbst zeit_genommen gestimmt jederzeit besser""",
    -2.0: """spät verspät* langsam* warten wartet wartete gewartet wartezeit* problem probleme fehler* fehlt fehlte fehlend* defekt* kaputt falsch* unfreundlich* teuer* teurer überteuert*
             enttäusch* kompliziert* schwierig* unklar* undicht* laut lauter leider schlecht* ärger* verärgert* nervig* mangelhaft* beschwer* reklam* unzuverlässig* umständlich*
             unhöflich* abgestürzt stürzt absturz* niemand keiner verloren beschädigt* preiserhöhung* mahnung* doppelt_abgebucht schon_wieder zu_viel zu_viele zu_lange zu_lang zu_laut zu_spät
             dreimal vergeblich* erst störung* störungen abgemeldet abgebrochen textbaustein* nachfragen hinterher* früher_war gekündigt kündig* unverständlich* ratlos bitte_ändern""",
    -3.0: "furchtbar* schrecklich* katastroph* inakzeptabel* unverschämt* frechheit miserabel* grauenhaft* betrug* unbrauchbar* unmöglich* nie_wieder hasse unterirdisch* indiskutabel*",
}
FRENCH = {
    3.0: "excellent* parfait* formidable* génial* super magnifique* fantastique* exceptionnel* adore* impeccable* merveilleu* remarquable*",
    2.0: """bon bonne bons bonnes bien aimable* rapide* rapidement facile* facilement fiable* clair claire clairs claires utile* sympathique* efficace* recommande* satisfait* satisfaite*
            content* contente* merci résolu* agréable* simple* professionnel* compétent* ponctuel* poli* correct* juste silencieu* propre* patient* soigné* réactif* réactive* prévenant*
            écoute prêt aidé* à_l_heure date_prévue bon_rapport continuez_ainsi sans_problème sans_souci heureu* mieux pratique*""",
    -2.0: """retard* lent lente lents lentement attendre attendu attend* attente problème* erreur* erroné* panne* défectueu* cassé* faux fausse* cher chère trop_cher déçu* déception décevant*
             compliqué* difficile* manque* perdu* mauvais* malheureusement abîmé* endommagé* plante fuit bloqué* incompétent* impoli* désagréable* injoignable* personne réclam* plainte*
             impossible pénible* nul nulle bruyant* deux_fois trois_fois trop_de trop_tard trop_long trop_lent sans_prévenir déconnecté* encore_une_fois automatique lendemain à_améliorer augmenté
             toute_faite c_était_mieux avant_mieux relancer insatisfait* mécontent* résili* franchement il_a_fallu""",
    -3.0: "inacceptable* horrible* catastroph* honteu* scandaleu* lamentable* inadmissible* arnaque* déplorable* affreu* plus_jamais déteste* inutilisable* pire exécrable*",
}
SPANISH = {
    3.0: "excelente* perfecto perfecta perfectamente fantástic* estupend* genial* maravillos* increíble* encanta* magnífic* impecable* excepcional* inmejorable*",
    2.0: """bueno buena buenos buenas buen bien gran amable* rápido rápida rápidos rápidas rápidamente fácil fáciles fácilmente fiable* claro clara claros claras útil útiles eficaz* eficiente*
            recomiend* recomendar* satisfech* content* gracias resolv* resuelto agradable* sencill* profesional* competente* puntual* educad* justo justa silencios* limpi* paciente*
            ayudaron ayudó ayuda pronto enseguida cómod* feliz a_tiempo día_prometido sin_problema* seguid_así bien_embalado""",
    -2.0: """tarde retras* lento lenta lentos lentamente espera esperar esperando problema* error* fallo* falla fallan falló averiad* avería* rot* equivocad* incorrect* caro cara caros caras
             decepcion* complicad* difícil* falta* perdid* mal mala malo malos malas lamentablemente dañad* pierde estropea* bloquea* incompetente* maleducad* antipátic* nadie queja* reclam*
             imposible molest* ruidos* dos_veces tres_veces demasiado sin_avisar desconect* otra_vez automática subieron al_día_siguiente hay_que_mejorar antes_era tuve_que hicieron_falta
             insatisfech* desafortunadamente cancel* devol* cobraron_de""",
    -3.0: "inaceptable* horrible* terrible* pésim* fatal vergüenza vergonzos* estafa* desastre* peor nunca_más odio lamentable* inútil* espantos*",
}
NEGATORS = {
    "en": "not no never without cannot neither nor hardly nothing cant dont wont didnt doesnt isnt wasnt",
    "de": "nicht kein keine keinen keiner keinem keines nie niemals ohne nichts weder kaum",
    "fr": "pas jamais aucun aucune sans rien ni guère plus_du_tout",
    "es": "no nunca jamás ningún ninguna ninguno sin nada ni tampoco",
}
BOOSTERS = {
    "en": "very really extremely so too totally absolutely highly incredibly particularly far always completely",
    "de": "sehr wirklich äußerst extrem so zu total absolut besonders völlig viel immer ständig ganz richtig",
    "fr": "très vraiment extrêmement si trop totalement absolument particulièrement tellement toujours tout",
    "es": "muy realmente extremadamente tan totalmente absolutamente especialmente siempre mucho muchísimo",
}
DAMPENERS = {
    "en": "quite somewhat slightly bit fairly rather",
    "de": "etwas ziemlich eher bisschen recht",
    "fr": "assez plutôt peu légèrement",
    "es": "algo bastante poco ligeramente",
}
TURNS = {
    "en": "but however although though yet",
    "de": "aber jedoch allerdings sondern obwohl",
    "fr": "mais cependant toutefois pourtant",
    "es": "pero sino aunque embargo",
}
FUNCTION = {
    "en": "the and is was were are i you we it they of to in for with that this have had has my your our at on be been from by an as will would there what which who",
    "de": "der die das und ist war waren sind ich sie wir es von zu mit für dass nicht ein eine einen dem den des im auf bei hat haben habe wird mir mich uns auch als nach über am vom zum zur",
    "fr": "le la les et est était sont je vous nous il elle de du des un une dans pour avec que qui ce cette mon votre notre au aux sur ne pas a ont été j l d n très c s qu en",
    "es": "el la los las y es era son yo usted nosotros de del un una en para con que este esta mi su nuestro al por se no lo me ha han fue muy como más nos le",
}
EMOJI = {"😀": 2.0, "😃": 2.0, "😄": 2.0, "😊": 2.0, "🙂": 1.5, "😍": 3.0, "❤": 2.5, "👍": 2.0, "🎉": 2.0, "😞": -2.0, "😠": -2.5, "😡": -3.0, "🤬": -3.0, "😢": -2.0, "😭": -2.0, "🙁": -1.5, "☹": -1.5, "👎": -2.0, "💩": -3.0, ":)": 1.5, ":-)": 1.5, ":(": -1.5, ":-(": -1.5}  # fmt: skip
LISTS = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
LANGUAGES = tuple(LISTS)
TOPICAL = (
    "like",
    "no",
    "please",
    "support",
    "share",
    "want",
    "number",
    "free",
    "well",
    "play",
    "won",
    "cut",
    "pay",
    "alone",
    "gun",
    "energy",
    "party",
    "interest",
    "matter",
)
"""Words of VADER's list that say nothing in a customer's comment ("like the invoice", "please call")."""


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language of `LANGUAGES`."""
    words: dict[str, float] = {}
    stems: dict[str, float] = {}
    phrases: dict[tuple[str, ...], float] = {}
    if language == "en":
        general = SentimentIntensityAnalyzer().lexicon
        words |= {w: float(v) for w, v in general.items() if w.isalpha() and len(w) > 2 and w not in TOPICAL}
    for strength, text in LISTS[language].items():
        for word in text.split():
            if "_" in word:
                phrases[tuple(word.rstrip("*").split("_"))] = strength
            elif word.endswith("*"):
                stems[word[:-1]] = strength
            else:
                words[word] = strength
    sets = (frozenset(table[language].split()) for table in (NEGATORS, BOOSTERS, DAMPENERS, TURNS, FUNCTION))
    negators, boosters, dampeners, turns, function = sets
    return Lexicon(words, stems, phrases, negators, boosters, dampeners, turns, function, language in ("de", "fr"))
