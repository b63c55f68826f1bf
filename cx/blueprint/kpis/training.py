"""KPIs of training: Kirkpatrick's levels one to three, and who gets through the course."""

from __future__ import annotations

from cx.analytics.learning import (
    LEARNING_GAIN,
    TRAINING_BEHAVIOUR,
    TRAINING_COMPLETION,
    TRAINING_REACTION,
    learning_gain,
    training_behaviour,
    training_completion,
    training_reaction,
)
from cx.blueprint.kpi import Kpi

KIRKPATRICK = "Kirkpatrick & Kirkpatrick, Evaluating Training Programs, 3rd ed."

KPIS = (
    Kpi("training_completion", "Courses completed", "How many who enrol finish the course?", TRAINING_COMPLETION, training_completion, "training", "%", "higher",
        target=90.0, caveats="Cancelled enrolments are in neither part; recent ones may still be finished."),
    Kpi("learning_gain", "Learning gain", "How much more do people know after the course?", LEARNING_GAIN, learning_gain, "training", "% of maximum", "higher",
        caveats="Only people tested before and after; without a group that was not trained, practice counts as learning.", source=KIRKPATRICK),
    Kpi("training_reaction", "Course rating", "How do participants rate their course?", TRAINING_REACTION, training_reaction, "training", "of 5", "higher", target=4.0,
        caveats="Applause says little about what changed.", source=KIRKPATRICK),
    Kpi("training_behaviour", "Behaviour at work", "Do people work differently afterwards, as their managers see it?", TRAINING_BEHAVIOUR, training_behaviour,
        "training", "of 5", "higher", target=3.5, caveats="A manager's impression, formed in knowledge of the course.", source=KIRKPATRICK),
)  # fmt: skip
