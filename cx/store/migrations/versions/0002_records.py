"""The registers: one table each.

Every table has the columns of OWN before its own. Letters: s text, i whole number, f number, b yes or no, t moment,
d date, j JSON text; "!" must be given, "*" has an index, ">x" refers to record_x.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from cx.store.base import UtcDateTime

revision = "0002"
down_revision = "0001"

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES: dict[str, Any] = {"s": sa.String(), "i": LARGE, "f": sa.Float(), "b": sa.Boolean(), "t": UtcDateTime(), "d": sa.Date(), "j": sa.String()}
TABLES = {
    "account_review": (
        "customer_id:s! customer:s kind:s! cadence_days:i held_on:d due_on:d owner:s status:s! mood:i goals:s risks:s chances:s agreed:s"
    ),
    "alert_look": (
        "token:s! looked_at:t! rules:i! fired:i!"
    ),
    "alert_rule": (
        "name:s! kpi:s! touchpoint:s segment:s channel:s condition:s! threshold:f grain:s! minimum_n:i recipients:j! active:b! "
        "muted_until:d quiet_from:i quiet_to:i zone:s! owner:s"
    ),
    "annotation": (
        "title:s! kind:s! starts_on:d! ends_on:d group:s* kpi:s segment:s touchpoint:s note:s"
    ),
    "assumption": (
        "key:s! low:f base:f! high:f reason:s owner:s"
    ),
    "brand_promise": (
        "promise:s! kind:s! touchpoint:s emotion:s proof:s words:j! kpi:s target:f owner:s"
    ),
    "business_hours": (
        "name:s! timezone:s! monday:s tuesday:s wednesday:s thursday:s friday:s saturday:s sunday:s holidays:j!"
    ),
    "coaching_note": (
        "employee:s! coach:s held_on:d kind:s! topic:s! observation:s agreed:s next_on:d done:b!"
    ),
    "competency": (
        "name:s! area:s description:s levels:s weight:f kpi:s"
    ),
    "competitor": (
        "name:s! ours:b! strategy:s strengths:s weaknesses:s nps:f nps_source:s website:s"
    ),
    "customer_merge": (
        "kept_id:s! merged_id:s! reason:s similarity:f merged_on:d"
    ),
    "customer_note": (
        "customer_id:s! kind:s! text:s! happened_at:t due_on:d done:b! owner:s"
    ),
    "customer_profile": (
        "name:s! fit:s! segment:s industries:j! sizes:j! countries:j! problem:s signals:s avoid:s"
    ),
    "data_owner": (
        "dataset:s! owner:s source:s fresh_days:i refresh:s note:s"
    ),
    "employee": (
        "name:s! employee_id:s email:s role:s team:s manager:s mentor:s joined_on:d left_on:d languages:j! hours_week:f"
    ),
    "market_size": (
        "name:s! customers:i yearly_minor:i currency:s reachable:f winnable:f year:i assumptions:s"
    ),
    "marketing_plan": (
        "name:s! segment:s product:s price:s promotion:s place:s positioning:s kpi:s baseline:f goal:f starts_on:d ends_on:d budget_minor:i "
        "currency:s status:s! owner:s"
    ),
    "maturity": (
        "group:s!* step:s!* level:i! goal:i evidence:s next_step:s owner:s assessed_on:d review_on:d"
    ),
    "objective": (
        "title:s! parent_id:i>objective horizon:s! kpi:s baseline:f target:f description:s status:s! owner:s due_on:d"
    ),
    "policy": (
        "title:s! kind:s! group:s* step:s* text:s why:s kpi:s status:s! valid_from:d review_on:d owner:s"
    ),
    "process": (
        "name:s! kind:s! edition:i! as_is_id:i>process group:s* purpose:s suppliers:j! inputs:j! outputs:j! customers:j! starts_with:s "
        "ends_with:s arrivals_per_day:f target_hours:f status:s! owner:s settings:j"
    ),
    "project": (
        "name:s! kind:s! group:s* phase:s! problem:s scope:s kpi:s measure:s process:s baseline:f target:f actual:f expected_minor:i "
        "verified_minor:i currency:s verified_by:s causes:j! solution:s control_plan:s in_effect_on:d effect:f effect_low:f effect_high:f "
        "effect_p:f starts_on:d due_on:d sponsor:s owner:s"
    ),
    "quality_cost": (
        "month:d! kind:s! item:s! amount_minor:i! currency:s! process:s product:s note:s"
    ),
    "quality_objective": (
        "name:s! parent_id:i>quality_objective level:s! characteristic:s unit:s lower:f target:f upper:f method:s frequency:s reaction:s "
        "owner:s due_on:d"
    ),
    "quota": (
        "employee:s team:s segment:s period:s! starts_on:d! ends_on:d! amount_minor:i! currency:s! deals:i note:s"
    ),
    "report_feedback": (
        "subject:s! kpi:s useful:i comment:s decision:s given_on:d status:s!"
    ),
    "report_schedule": (
        "title:s! content:s! group:s* form:s! rhythm:s! weekday:s hour:i! recipients:j! view:j active:b! last_sent_at:t owner:s"
    ),
    "role": (
        "name:s! holder:s team:s duties:s hours_week:f budget_minor:i currency:s group:s*"
    ),
    "sales_stage": (
        "name:s! position:i! probability:f exit_criteria:s actions:s stale_days:i owner:s"
    ),
    "saved_chart": (
        "title:s! dataset:s kind:s! chart:j board:s position:i note:s owner:s"
    ),
    "segment": (
        "name:s! description:s method:s! rules:j needs:s size:i active:b! owner:s"
    ),
    "staffing_plan": (
        "name:s! team:s channel:s service_level:f! answer_seconds:f! handling_seconds:f shrinkage:f! cost_minor:i currency:s scenario:j"
    ),
    "study": (
        "title:s! question:s method:s status:s! survey:s sample:i starts_on:d ends_on:d cost_minor:i currency:s findings:s link:s owner:s"
    ),
    "supplier": (
        "name:s! provides:s criticality:s! status:s! ppm_target:f on_time_target:f audit_score:f response_score:f contact:s "
        "next_review_on:d owner:s"
    ),
    "survey": (
        "name:s! kind:s! metric:s! question:s! scale_min:i! scale_max:i! higher_is_better:b! follow_up:s language:s touchpoint:s trigger:s! "
        "event:s sample:f rest_days:i starts_on:d ends_on:d status:s! design:j owner:s"
    ),
    "target": (
        "kpi:s! value:f! segment:s team:s channel:s valid_from:d valid_to:d reason:s owner:s"
    ),
    "technology": (
        "name:s! purpose:s vendor:s owner:s state:s! integrates:j! cost_minor:i currency:s planned_on:d gap:s"
    ),
    "alert_firing": (
        "rule_id:i!>alert_rule name:s! kpi:s! place:s condition:s! starts_on:d! latest_on:d! periods:i! value:f low:f high:f n:i "
        "sentence:s! fired_at:t! shown_from:t! status:s! acknowledged_by:s acknowledged_at:t note:s resolved_by:s resolved_at:t"
    ),
    "assessment": (
        "employee_id:i!>employee competency_id:i!>competency level:i! assessed_on:d method:s assessor:s note:s"
    ),
    "audit": (
        "title:s! kind:s! scope:s criteria:s supplier_id:i>supplier auditor:s audited:s planned_on:d held_on:d score:f checklist:j! "
        "status:s! summary:s"
    ),
    "campaign": (
        "name:s! plan_id:i>marketing_plan goal:s segment:s channels:j! message:s starts_on:d ends_on:d budget_minor:i currency:s status:s! "
        "stop_rule:s owner:s"
    ),
    "capa": (
        "title:s! kind:s! source:s reference:s product:s supplier_id:i>supplier recurs_id:i>capa project_id:i>project kpi:s severity:s! "
        "status:s! raised_on:d due_on:d problem:s containment:s whys:j! causes:j! root_cause:s plan:s done_on:d measure:s verified_on:d "
        "verified_by:s effective:s closed_on:d owner:s"
    ),
    "career_step": (
        "employee_id:i!>employee kind:s! role_from:s role_to:s! readiness:s! wanted_on:d actions:s status:s! sponsor:s"
    ),
    "channel": (
        "name:s! purpose:s hours_id:i>business_hours team:s owner:s contact:s cost_minor:i currency:s active:b!"
    ),
    "communication": (
        "subject:s! audience:s! medium:s sent_on:d objective_id:i>objective content:s reaction:s status:s! owner:s"
    ),
    "competitor_rating": (
        "competitor_id:i!>competitor attribute:s! importance:i! rating:i! source:s rated_on:d"
    ),
    "course": (
        "name:s! objectives:s competency_id:i>competency method:s hours:f audience:j! materials:s trainer:s evaluation:s pass_score:f "
        "valid_months:i cost_minor:i currency:s status:s! owner:s"
    ),
    "development_goal": (
        "employee_id:i!>employee title:s! competency_id:i>competency kpi:s baseline:f target:f actual:f progress:f status:s! due_on:d "
        "reviewed_on:d review:s mentor:s"
    ),
    "milestone": (
        "title:s! objective_id:i>objective team:s starts_on:d due_on:d progress:f status:s! owner:s note:s"
    ),
    "persona": (
        "name:s! segment_id:i>segment negative:b! role:s quote:s goals:s challenges:s needs:s channels:j! devices:j! habits:s owner:s"
    ),
    "procedure": (
        "title:s! code:s edition:s! group:s* process_id:i>process summary:s link:s audience:j! status:s! valid_from:d review_on:d owner:s"
    ),
    "requirement": (
        "role:s! competency_id:i!>competency level:i! must:b!"
    ),
    "rollout_task": (
        "title:s! process_id:i>process project_id:i>project kind:s! responsible:s accountable:s consulted:j! informed:j! starts_on:d "
        "due_on:d after_id:i>rollout_task status:s! progress:f note:s"
    ),
    "sla_policy": (
        "name:s! priority:s segment:s channel:s first_response_minutes:i resolution_minutes:i hours_id:i>business_hours pauses:b! goal:f "
        "rank:i! active:b!"
    ),
    "tollgate": (
        "project_id:i!>project phase:s! decision:s! evidence:s decided_by:s decided_on:d"
    ),
    "touchpoint": (
        "name:s! phase:s audience:s channel:s online:b! owners:j! technology_id:i>technology measured_by:s description:s importance:i"
    ),
    "acknowledgement": (
        "procedure_id:i!>procedure edition:s! employee:s! read_on:d! understood:b! question:s"
    ),
    "action": (
        "title:s! group:s!* step:s* description:s origin:s segment:s touchpoint:s team:s kpi:s expected_effect:f cost_minor:i "
        "benefit_minor:i currency:s project_id:i>project capa_id:i>capa status:s! priority:s! owner:s starts_on:d due_on:d done_on:d "
        "result:s"
    ),
    "audience": (
        "name:s! segments:j! rules:j campaign_id:i>campaign size:i expected_response:f owner:s"
    ),
    "audit_finding": (
        "audit_id:i!>audit title:s! grade:s! requirement:s evidence:s capa_id:i>capa status:s! due_on:d owner:s"
    ),
    "capa_action": (
        "capa_id:i!>capa title:s! kind:s! status:s! due_on:d done_on:d result:s owner:s"
    ),
    "desired_experience": (
        "touchpoint_id:i!>touchpoint segment:s statement:s! emotion:s metric:s! desired:f believed:f believed_on:d goal:s due_on:d owner:s"
    ),
    "escalation_rule": (
        "name:s! policy_id:i>sla_policy percent:f! level:i! tell:s! steps:s active:b!"
    ),
    "follow_up": (
        "title:s! status:s! source:s! reference:s customer_id:s segment:s touchpoint:s score:f comment:s priority:s owner:s due_on:d "
        "contacted_at:t resolved_at:t cause:s capa_id:i>capa outcome:s notes:s"
    ),
    "handoff": (
        "name:s! touchpoint_id:i>touchpoint giver:s! receiver:s! what:s process:s step:s promise_hours:f failures:s owner:s"
    ),
    "journey": (
        "name:s! persona_id:i>persona segment:s device:s kind:s! goal:s replaces_id:i>journey edition:i! status:s! owner:s description:s"
    ),
    "need": (
        "title:s! description:s kind:s segment:s persona_id:i>persona touchpoint:s importance:i satisfaction:i impact:i effort:i status:s! "
        "owner:s"
    ),
    "process_step": (
        "process_id:i!>process position:i! name:s! role:s kind:s! next_steps:j! work_minutes:f wait_minutes:f variation:f staff:i "
        "value_added:b! right_first_time:f technology_id:i>technology touchpoint_id:i>touchpoint note:s"
    ),
    "session": (
        "course_id:i!>course name:s! starts_at:t ends_at:t place:s trainer:s seats:i enrolled:j! attended:j! status:s! note:s"
    ),
    "experiment": (
        "need_id:i>need hypothesis:s! method:s metric:s kind:s! dataset:s rule:j baseline:f effect:f sample:i control_n:i control_value:f "
        "control_spread:f test_n:i test_value:f test_spread:f status:s! learning:s owner:s starts_on:d ends_on:d"
    ),
    "idea": (
        "title:s! description:s need_id:i>need evidence:s theme:s source:s reach:f impact:f confidence:f effort:f votes:i! status:s! "
        "owner:s"
    ),
    "journey_step": (
        "journey_id:i!>journey position:i! phase:s name:s! actions:s touchpoint_id:i>touchpoint channel:s thoughts:s feeling:i "
        "feeling_wanted:i emotion:s pains:s opportunities:s owner:s technology_id:i>technology process_id:i>process decision:s branch:s "
        "notes:j"
    ),
    "need_evidence": (
        "need_id:i!>need quote:s! dataset:s reference:s customer_id:s segment:s seen_on:d"
    ),
    "concept": (
        "name:s! idea_id:i>idea segment:s problem:s solution:s benefit:s value_minor:i cost_minor:i currency:s risks:s risk:s starts_on:d "
        "ends_on:d after_id:i>concept status:s! owner:s"
    ),
    "launch": (
        "name:s! concept_id:i>concept product:s segment:s control_segment:s adoption_event:s gate:s! launch_on:d kpi:s goal:f status:s! "
        "learning:s owner:s"
    ),
    "prototype": (
        "name:s! concept_id:i>concept edition:s! fidelity:s! link:s picture:s question:s learning:s built_on:d owner:s"
    ),
    "launch_item": (
        "launch_id:i!>launch title:s! gate:s! area:s must:b! status:s! due_on:d owner:s"
    ),
    "user_test": (
        "name:s! prototype_id:i>prototype product:s edition:s method:s! tasks:j! held_on:d goal:f status:s! summary:s owner:s"
    ),
    "finding": (
        "title:s! test_id:i>user_test product:s edition:s severity:s! participants:i description:s recommendation:s status:s! fixed_in:s "
        "owner:s"
    ),
    "test_session": (
        "test_id:i!>user_test participant:s! segment:s held_on:d task:s! success:b! seconds:f errors:i ease:i sus:j! sus_score:f comment:s"
    ),
}


def upgrade() -> None:
    for name, columns in TABLES.items():
        table, own, links = f"record_{name}", [], []
        for pair in columns.split():
            column, kind = pair.split(":")
            if ">" in kind:
                to = kind.partition(">")[2]
                links.append(sa.ForeignKeyConstraint([column], [f"record_{to}.id"], name=f"fk_{table}_{column}_record_{to}"))
            made = sa.Integer() if ">" in kind else TYPES[kind[0]]
            own.append(sa.Column(column, made, nullable="!" not in kind))
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("created_at", UtcDateTime(), nullable=False),
            sa.Column("created_by", sa.String(), nullable=False),
            sa.Column("updated_at", UtcDateTime(), nullable=False),
            sa.Column("updated_by", sa.String(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("deleted_at", UtcDateTime(), nullable=True),
            *own,
            *links,
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        )
        indexed = ["deleted_at", *(pair.split(":")[0] for pair in columns.split() if "*" in pair or ">" in pair)]
        for column in indexed:
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(f"record_{name}")
