"""``olketanu serve``: the reading room and the desk, in a browser."""

from dataclasses import replace

import click

from commands.call import Command, current_call
from commands.output import emit, say
from olketanu.errors import ExitCode, MissingToolError
from olketanu.messages.translate import translate
from olketanu.settings import read_settings


@click.command("serve", cls=Command, help=translate("help.serve"))
@click.option("--address", metavar="ADDRESS", help=translate("help.serve.address"))
@click.option("--port", type=click.IntRange(1, 65535), help=translate("help.serve.port"))
def serve(address: str | None, port: int | None) -> int:
    """Answer browsers until Ctrl+C or SIGTERM."""
    try:
        from portal.app import make_app
        from portal.server import serve as answer
    except ModuleNotFoundError as error:
        raise MissingToolError("error.no-web", module=error.name or "") from error

    home = current_call().open_home()
    told = read_settings(home.settings).portal
    settings = replace(told, address=address or told.address, port=port or told.port)
    app = make_app(home)
    url = f"http://{settings.address}:{settings.port}/"
    emit({"url": url})
    say(translate("serve.begins", {"url": url}))
    answer(app, settings)
    return ExitCode.DONE
