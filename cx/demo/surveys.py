"""The company's surveys and their questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question: how scores spread around `middle` (`spread`), and how strongly an experience moves them (`weight`)."""

    code: str
    text: str
    metric: str
    low: float
    high: float
    middle: float
    spread: float
    weight: float
    up: bool = True
    theme: str = ""
    commented: float = 0.0


@dataclass(frozen=True)
class Survey:
    """One survey with its questions; `theme` is what comments are about, unless the respondent names something else."""

    name: str
    kind: str
    touchpoint: str | None
    questions: tuple[Question, ...]


def _csat(text: str, middle: float = 4.43, weight: float = 0.55) -> Question:
    return Question("csat", text, "csat", 1, 5, middle, 0.86, weight, commented=0.4)


def _ease(text: str, middle: float = 5.65) -> Question:
    return Question("ease", text, "ces", 1, 7, middle, 1.30, 0.70, commented=0.35)


NPS = Question("nps", "How likely are you to recommend Brunoma to a friend or colleague?", "nps", 0, 10, 8.50, 1.90, 1.0, commented=0.45)
PRODUCT = Question("product", "How satisfied are you with your machine?", "rating", 1, 5, 4.2, 0.75, 0.15, theme="First use")
SERVICE = Question("service", "How satisfied are you with our service?", "rating", 1, 5, 4.1, 0.8, 0.25, theme="Support")
PRICE = Question("price", "How satisfied are you with the price for what you get?", "rating", 1, 5, 3.7, 0.9, 0.1, theme="Billing")
DELIVERED = Question("delivery", "How satisfied are you with our deliveries?", "rating", 1, 5, 4.2, 0.8, 0.7, theme="Delivery")
REASON = Question("reason", "What is the most important reason for your score?", "choice", 0, 0, 0, 0, 0)
SURVEYS = (
    Survey("Relationship", "relationship", None, (NPS, PRODUCT, SERVICE, PRICE, DELIVERED, REASON)),
    Survey("After delivery", "transactional", "Delivery", (_csat("How satisfied are you with this delivery?"), NPS)),
    Survey("After support", "transactional", "Support",
           (_csat("How satisfied are you with how we handled your request?", 4.41), _ease("Brunoma made it easy to have my request handled."))),
    Survey("Ease of support (first form)", "transactional", "Support",
           (_ease("Brunoma made it easy to have my request handled."),)),
    Survey("After onboarding", "transactional", "Onboarding call", (_ease("It was easy to get started after the call.", 5.5), _csat("How satisfied are you with the onboarding call?", weight=0.3))),
    Survey("After first use", "transactional", "First use", (_ease("The first use was easy.", 5.7), _csat("How satisfied are you with the first use?"))),
    Survey("After order", "transactional", "Order", (_ease("It was easy to place my order.", 5.8),)),
    Survey("After invoice", "transactional", "Billing", (_csat("How satisfied are you with our invoice?", 4.35),)),
    Survey("After renewal", "transactional", "Renewal", (_csat("How satisfied are you with the renewal of your contract?", 4.4),)),
)  # fmt: skip
RELATIONSHIP, DELIVERY, SUPPORT, LEGACY, ONBOARDING, FIRST_USE, ORDER, INVOICE, RENEWAL = range(9)
