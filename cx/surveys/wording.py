"""What respondents read, in five languages. A survey in another language is asked in its own words, with these around it in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """The sentences of one language. `anchors`: metric -> what the lowest and the highest score mean where higher is better."""

    language: str
    send: str
    comment: str
    optional: str
    chosen: str
    choose: str
    outside: str
    long: str
    thanks: str
    stored: str
    change: str
    again: str
    anonymous: str
    known: str
    draft: str
    early: str
    paused: str
    closed: str
    unknown: str
    preview: str
    busy: str
    many: str
    large: str
    stop_title: str
    stop_ask: str
    stop_button: str
    stopped: str
    not_asked: str
    mail_subject: str
    mail_ask: str
    mail_open: str
    mail_stop: str
    mail_why: str
    anchors: dict[str, tuple[str, str]]


EN = Words(
    "en", "Send", "Comment", "optional", "You chose {score}. Press {send} to confirm.", "Choose a score, please.", "Choose a whole number from {low} to {high}, please.",
    "The comment may have {most} characters; this one has {n}. Shorten it, please.", "Thank you.", "Your answer is stored.", "Change my answer", "You have answered already; what you send now replaces it.",
    "Your answer is anonymous.", "Your answer is kept together with your customer record.", "This survey has not started yet.", "This survey starts on {day}.", "This survey is paused at the moment. Try again later.",
    "This survey is closed. Thank you for your interest.", "This link does not lead to a survey. Perhaps it was not copied whole.", "Preview: nothing is stored.", "Your answer could not be stored just now, because the server is busy. Press {send} again in a minute.",
    "Too many answers came from your address in a short time. Try again in {minutes} minutes.", "This is more text than can be taken.", "No more surveys", "Shall we stop asking you to answer surveys?", "Do not ask me again",
    "You will not be asked again.", "You are not asked any more.", "A question for you: {question}", "We have one question for you:", "Answer on the web page", "Do not ask me again", "You get this mail because you are a customer of ours.",
    {"nps": ("not at all likely", "extremely likely"), "csat": ("very dissatisfied", "very satisfied"), "ces": ("strongly disagree", "strongly agree"), "effort": ("very low effort", "very high effort"), "rating": ("very poor", "excellent")},
)  # fmt: skip
DE = Words(
    "de", "Absenden", "Kommentar", "freiwillig", "Sie haben {score} gewählt. Mit {send} bestätigen Sie das.", "Bitte wählen Sie einen Wert.", "Bitte wählen Sie eine ganze Zahl von {low} bis {high}.",
    "Der Kommentar darf {most} Zeichen haben, dieser hat {n}. Bitte kürzen Sie ihn.", "Vielen Dank.", "Ihre Antwort ist gespeichert.", "Antwort ändern", "Sie haben schon geantwortet; was Sie jetzt absenden, ersetzt diese Antwort.",
    "Ihre Antwort ist anonym.", "Ihre Antwort wird zusammen mit Ihren Kundendaten aufbewahrt.", "Diese Umfrage hat noch nicht begonnen.", "Diese Umfrage beginnt am {day}.", "Diese Umfrage ruht gerade. Bitte versuchen Sie es später.",
    "Diese Umfrage ist beendet. Vielen Dank für Ihr Interesse.", "Dieser Link führt zu keiner Umfrage. Vielleicht wurde er nicht ganz kopiert.", "Vorschau: Es wird nichts gespeichert.", "Ihre Antwort konnte eben nicht gespeichert werden, weil der Server beschäftigt ist. Bitte drücken Sie {send} in einer Minute noch einmal.",
    "Von Ihrer Adresse kamen in kurzer Zeit zu viele Antworten. Bitte versuchen Sie es in {minutes} Minuten wieder.", "Das ist mehr Text, als angenommen werden kann.", "Keine Umfragen mehr", "Sollen wir Sie nicht mehr um Antworten bitten?", "Nicht mehr fragen",
    "Sie werden nicht mehr gefragt.", "Sie werden nicht mehr gefragt.", "Eine Frage an Sie: {question}", "Wir haben eine Frage an Sie:", "Auf der Webseite antworten", "Nicht mehr fragen", "Sie erhalten diese Nachricht, weil Sie Kunde bei uns sind.",
    {"nps": ("äußerst unwahrscheinlich", "äußerst wahrscheinlich"), "csat": ("sehr unzufrieden", "sehr zufrieden"), "ces": ("stimme gar nicht zu", "stimme völlig zu"), "effort": ("sehr wenig Aufwand", "sehr viel Aufwand"), "rating": ("sehr schlecht", "ausgezeichnet")},
)  # fmt: skip
FR = Words(
    "fr", "Envoyer", "Commentaire", "facultatif", "Vous avez choisi {score}. Appuyez sur {send} pour confirmer.", "Veuillez choisir une note.", "Veuillez choisir un nombre entier de {low} à {high}.",
    "Le commentaire peut compter {most} caractères ; celui-ci en a {n}. Veuillez le raccourcir.", "Merci.", "Votre réponse est enregistrée.", "Modifier ma réponse", "Vous avez déjà répondu ; ce que vous envoyez maintenant remplace cette réponse.",
    "Votre réponse est anonyme.", "Votre réponse est conservée avec votre dossier client.", "Cette enquête n'a pas encore commencé.", "Cette enquête commence le {day}.", "Cette enquête est suspendue pour le moment. Réessayez plus tard.",
    "Cette enquête est terminée. Merci de votre intérêt.", "Ce lien ne mène à aucune enquête. Il n'a peut-être pas été copié en entier.", "Aperçu : rien n'est enregistré.", "Votre réponse n'a pas pu être enregistrée, car le serveur est occupé. Appuyez de nouveau sur {send} dans une minute.",
    "Trop de réponses sont venues de votre adresse en peu de temps. Réessayez dans {minutes} minutes.", "C'est plus de texte que nous ne pouvons accepter.", "Plus d'enquêtes", "Souhaitez-vous ne plus être sollicité pour des enquêtes ?", "Ne plus me solliciter",
    "Vous ne serez plus sollicité.", "Vous n'êtes plus sollicité.", "Une question pour vous : {question}", "Nous avons une question à vous poser :", "Répondre sur la page web", "Ne plus me solliciter", "Vous recevez ce message parce que vous êtes notre client.",
    {"nps": ("pas du tout probable", "extrêmement probable"), "csat": ("très insatisfait", "très satisfait"), "ces": ("pas du tout d'accord", "tout à fait d'accord"), "effort": ("très peu d'effort", "beaucoup d'effort"), "rating": ("très mauvais", "excellent")},
)  # fmt: skip
ES = Words(
    "es", "Enviar", "Comentario", "opcional", "Ha elegido {score}. Pulse {send} para confirmar.", "Elija una puntuación, por favor.", "Elija un número entero de {low} a {high}, por favor.",
    "El comentario puede tener {most} caracteres; este tiene {n}. Acórtelo, por favor.", "Gracias.", "Su respuesta está guardada.", "Cambiar mi respuesta", "Ya ha respondido; lo que envíe ahora sustituye esa respuesta.",
    "Su respuesta es anónima.", "Su respuesta se guarda junto con sus datos de cliente.", "Esta encuesta todavía no ha empezado.", "Esta encuesta empieza el {day}.", "Esta encuesta está en pausa. Inténtelo más tarde.",
    "Esta encuesta ha terminado. Gracias por su interés.", "Este enlace no lleva a ninguna encuesta. Quizá no se copió entero.", "Vista previa: no se guarda nada.", "Su respuesta no se pudo guardar porque el servidor está ocupado. Pulse {send} otra vez dentro de un minuto.",
    "Han llegado demasiadas respuestas desde su dirección en poco tiempo. Inténtelo en {minutes} minutos.", "Es más texto del que se puede aceptar.", "No más encuestas", "¿Dejamos de pedirle que responda encuestas?", "No preguntarme más",
    "No le preguntaremos más.", "Ya no le preguntamos.", "Una pregunta para usted: {question}", "Tenemos una pregunta para usted:", "Responder en la página web", "No preguntarme más", "Recibe este mensaje porque es cliente nuestro.",
    {"nps": ("nada probable", "muy probable"), "csat": ("muy insatisfecho", "muy satisfecho"), "ces": ("muy en desacuerdo", "muy de acuerdo"), "effort": ("muy poco esfuerzo", "mucho esfuerzo"), "rating": ("muy malo", "excelente")},
)  # fmt: skip
PT = Words(
    "pt", "Enviar", "Comentário", "opcional", "Escolheu {score}. Prima {send} para confirmar.", "Escolha uma pontuação, por favor.", "Escolha um número inteiro de {low} a {high}, por favor.",
    "O comentário pode ter {most} caracteres; este tem {n}. Encurte-o, por favor.", "Obrigado.", "A sua resposta está guardada.", "Alterar a minha resposta", "Já respondeu; o que enviar agora substitui essa resposta.",
    "A sua resposta é anónima.", "A sua resposta é guardada junto com os seus dados de cliente.", "Este inquérito ainda não começou.", "Este inquérito começa a {day}.", "Este inquérito está em pausa. Tente mais tarde.",
    "Este inquérito terminou. Obrigado pelo seu interesse.", "Esta ligação não leva a nenhum inquérito. Talvez não tenha sido copiada por inteiro.", "Pré-visualização: nada é guardado.", "A sua resposta não pôde ser guardada porque o servidor está ocupado. Prima {send} outra vez dentro de um minuto.",
    "Chegaram demasiadas respostas do seu endereço em pouco tempo. Tente daqui a {minutes} minutos.", "É mais texto do que se pode aceitar.", "Sem mais inquéritos", "Devemos deixar de lhe pedir que responda a inquéritos?", "Não me perguntem mais",
    "Não voltaremos a perguntar.", "Já não lhe perguntamos.", "Uma pergunta para si: {question}", "Temos uma pergunta para si:", "Responder na página web", "Não me perguntem mais", "Recebe esta mensagem porque é nosso cliente.",
    {"nps": ("nada provável", "extremamente provável"), "csat": ("muito insatisfeito", "muito satisfeito"), "ces": ("discordo totalmente", "concordo totalmente"), "effort": ("muito pouco esforço", "muito esforço"), "rating": ("muito mau", "excelente")},
)  # fmt: skip
LANGUAGES = {words.language: words for words in (EN, DE, FR, ES, PT)}


def words_of(survey: Any) -> Words:
    """The words around a survey's own, by the first two letters of its language."""
    return LANGUAGES.get((survey.language or "en").strip().lower()[:2], EN)


def language(survey: Any) -> str:
    """The language of the survey's own words, as pages declare it."""
    said = (survey.language or "en").strip().lower()[:2]
    return said if said.isalpha() and len(said) == 2 else "en"


def anchors(survey: Any) -> tuple[str, str]:
    """What the lowest and the highest score mean. Effort of the first kind asks how much, so its ends are named otherwise."""
    known = words_of(survey).anchors
    if survey.metric == "ces" and not survey.higher_is_better:
        return known["effort"]
    low, high = known.get(survey.metric, known["rating"])
    return (low, high) if survey.higher_is_better else (high, low)
