"""`token`: make, list and revoke the tokens with which programs use the API."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cx.commands.output import as_json, as_table
from cx.records import tokens
from cx.records.actor import Actor
from cx.store.migrate import migrate

app = typer.Typer(help="Tokens for the API: make, list, revoke.", no_args_is_help=True, rich_markup_mode=None)
BY = Actor("command line", "admin")
FIELDS = ("name", "role", "begins", "state", "made_by", "made", "used", "ends")


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What to call it, such as the program that will use it.")],
    role: Annotated[str, typer.Option(help="viewer reads numbers, contributor brings rows too.")] = "viewer",
    days: Annotated[int, typer.Option(help="Days until it ends by itself; 0 for never.")] = tokens.DAYS,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Make a token and print it; it cannot be shown again."""
    migrate()
    made, secret = tokens.create(name, role, BY, days)
    if json:
        as_json({**row(made), "token": secret})
        return
    print(secret)
    until = f"until {made.expires_at:%Y-%m-%d}" if made.expires_at else "without an end"
    typer.echo(f"{made.name}: {made.role}, {until}. Keep it now: only a hash of it is stored, and it is not shown again.", err=True)


@app.command("list")
def listed(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List every token, those in force first."""
    migrate()
    rows = [row(one) for one in tokens.tokens(BY)]
    if json:
        as_json(rows)
    elif rows:
        as_table([{**one, **{name: f"{one[name]:%Y-%m-%d %H:%M}" if one[name] else None for name in ("made", "used", "ends")}} for one in rows], FIELDS)
    else:
        print("There is no token; `token create NAME` makes one.")


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="Name of the token, as `token list` shows it.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """End a token at once."""
    migrate()
    gone = tokens.revoke(name, BY)
    if json:
        as_json(row(gone))
    else:
        print(f"{gone.name} is revoked: whoever shows it is refused from now on.")


def row(one: tokens.ApiToken) -> dict[str, Any]:
    """A token as a program reads it; never the secret."""
    return {"name": one.name, "role": one.role, "begins": one.prefix, "state": one.state, "made_by": one.actor, "made": one.made_at, "used": one.used_at, "ends": one.expires_at}
