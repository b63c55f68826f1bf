"""Employee training and development."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

TRAINING = ProcessGroup(
    key="training",
    number=9,
    title="Training",
    purpose="Give people the skills that customers feel, and check that they do.",
    icon="school",
    section="Build and improve",
    headline="learning_gain",
    kpis=("learning_gain", "training_completion", "training_reaction", "training_behaviour"),
    steps=(
        SubProcess(
            "assessment",
            "Skill gaps",
            "Train what is missing where customers notice it.",
            "Hold required against actual skills in a matrix, and rank gaps by their effect on customers.",
            records=("employee", "competency", "requirement", "assessment"),
            datasets=("tickets", "responses"),
        ),
        SubProcess(
            "design",
            "Course design",
            "Design a course from the behaviour it should change.",
            "Keep courses with objectives, method, materials, trainer and how success will be judged.",
            records=("course", "competency"),
        ),
        SubProcess(
            "delivery",
            "Delivery",
            "Get the right people into the room, and through the course.",
            "Plan sessions, follow enrolment, attendance and completion, and see what expires.",
            kpis=("training_completion",),
            records=("session", "course", "employee"),
            datasets=("trainings",),
        ),
        SubProcess(
            "evaluation",
            "Training effect",
            "Judge training by what changed for customers, not by applause.",
            "Read reaction, learning, behaviour and results, each with the comparison it needs.",
            kpis=("training_reaction", "learning_gain", "training_behaviour"),
            records=("course",),
            datasets=("trainings", "tickets", "responses"),
        ),
        SubProcess(
            "coaching",
            "Coaching",
            "Help people between courses, where most is learnt.",
            "Keep coaching notes and goals, and pair mentors with those they help.",
            records=("coaching_note", "development_goal", "employee"),
        ),
        SubProcess(
            "performance",
            "Goals and reviews",
            "Connect personal goals with what customers experience.",
            "Tie goals to KPIs, follow progress and hold reviews.",
            records=("development_goal", "employee"),
        ),
        SubProcess(
            "career",
            "Career paths",
            "Keep good people by showing them where they can go.",
            "Lay out paths, rotations and stretch tasks, and see who is ready for the next step.",
            records=("career_step", "employee"),
        ),
    ),
)
