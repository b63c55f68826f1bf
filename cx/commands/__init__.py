"""The commands, a file each; `app` is what `python -m cx` runs."""

from __future__ import annotations

import typer

from cx.commands import alerts, backup, batches, check, demo, engine, findings, imports, kpi, reports, serve, surveys, template, token
from cx.commands import erase as erasing

app = typer.Typer(help="CX Blueprint: customer experience in numbers that can be trusted.", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False)  # fmt: skip
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("import")(imports.imports)
app.command("undo")(batches.undo)
app.command("batches")(batches.batches)
app.command("kpi")(kpi.kpi)
app.command("findings")(findings.findings)
app.command("reports")(reports.reports)
app.command("surveys")(surveys.surveys)
app.command("alerts")(alerts.alerts)
app.command("erase")(erasing.erase)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("template")(template.template)
app.command("check")(check.check)
app.add_typer(engine.app, name="engine")
app.add_typer(token.app, name="token")
