"""The `ansinh` command: which sub-commands there are. Each lies in a file of its own in `services.commands`."""

import signal
import sys
from typing import ClassVar

import typer

from services.commands.lazy import LazyGroup


class Commands(LazyGroup):
    """Everything that can be done from the command line, in the order of its help."""

    places: ClassVar = {
        "up": "services.commands.up:up",
        "serve": "services.commands.up:serve",
        "token": "services.commands.token:token",
        "user": "services.commands.user:app",
        "synth": "services.commands.sandbox:synth",
        "demo": "services.commands.sandbox:demo",
        "audit": "services.commands.audit:audit",
        "rebuild": "services.commands.rebuild:rebuild",
        "republish": "services.commands.republish:republish",
        "backup": "services.commands.backup:backup",
        "restore": "services.commands.restore:restore",
        "migrate": "services.commands.migrate:migrate",
        "bench": "infra.bench.command:app",
    }


app = typer.Typer(
    cls=Commands,
    help="An Sinh: chi trả an sinh xã hội không dùng tiền mặt. / Pays social welfare without cash.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)


@app.callback()
def ansinh() -> None:
    """An Sinh: chi trả an sinh xã hội không dùng tiền mặt. / Pays social welfare without cash."""


def main() -> None:
    """The entry point: words for people instead of a traceback where a server or the network is at fault."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Nothing of a command is loaded before it is asked for; what can go wrong with its servers, and its log, are.
    from infra.errors import StackError
    from services.kernel import telemetry

    telemetry.configure()
    try:
        app()
    except StackError as why:
        typer.echo(str(why), err=True)
        sys.exit(1)
