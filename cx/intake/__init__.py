"""Any tool's export, understood and read: `plan` a file, look at the plan, `read` its rows.

    plan(path)           -> Plan: tool, dataset, columns, warnings, questions
    read(plan)           -> Chunks of rows, with what was excluded and rejected
    template(dataset)    -> CSV text to start from
"""

from __future__ import annotations

from cx.intake.plan import Ask, Chunk, Column, Exclusion, Layout, Options, Plan, Reject
from cx.intake.reading import read, schema
from cx.intake.recognition import plan
from cx.intake.templates import sample, template

__all__ = ["Ask", "Chunk", "Column", "Exclusion", "Layout", "Options", "Plan", "Reject", "plan", "read", "sample", "schema", "template"]
