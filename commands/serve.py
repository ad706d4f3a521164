"""``olketanu serve``: the reading room and the desk, in a browser."""

import datetime
from collections.abc import Collection
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from commands.call import Command, current_call
from commands.output import emit, say
from olketanu.errors import CannotWriteError, ExitCode, MissingToolError
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from olketanu.settings import PortalSettings
    from workflow.library import Library

_EXTRA = ("flask", "waitress")
"""What the extra ``web`` brings; without anything else the program is broken, not incomplete."""


@click.command("serve", cls=Command, help=translate("help.serve"))
@click.option("--address", metavar="ADDRESS", help=translate("help.serve.address"))
@click.option("--port", type=click.IntRange(1, 65535), help=translate("help.serve.port"))
def serve(address: str | None, port: int | None) -> int:
    """Answer browsers until Ctrl+C or SIGTERM, which end it gently."""
    try:
        from portal.app import close_app, make_app, start_work
        from portal.guard.hosts import names_of
        from portal.serving.server import Server
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise MissingToolError("error.no-web", module=error.name) from error
    from workflow.library import open_library

    home = current_call().open_home()
    with open_library(home) as library:
        told = library.settings.portal
        settings = replace(told, address=address or told.address, port=port or told.port)
        app = make_app(home)
        try:
            server = Server(app, settings)
        except OSError as error:
            place = f"{settings.address}:{settings.port}"
            raise CannotWriteError("error.port-taken", place=place, reason=error) from error
        _announce(library, settings, names_of(library.settings))
    try:
        start_work(app)
        server.run()
    finally:
        close_app(app)
    say(translate("serve.ended"))
    return ExitCode.DONE


def _announce(library: "Library", settings: "PortalSettings", names: Collection[str]) -> None:
    """Say where it is open, under which names, to whom, and what of the library."""
    from store.digitised.rights import count_rights
    from store.staff.members import has_members

    host = f"[{settings.address}]" if ":" in settings.address else settings.address
    url = f"http://{host}:{settings.port}/"
    counts = count_rights(library.store, datetime.datetime.now(datetime.UTC).date())
    emit({"url": url, "documents": counts})
    say(translate("serve.begins", {"url": url}))
    say(translate("serve.names", {"names": ", ".join(sorted(names))}))
    for reach, count in counts.items():
        say(plural(f"serve.public.{reach}", count))
    if not has_members(library.store):
        say(translate("serve.no-staff"))
    say(translate("serve.here-only" if _is_here_only(settings.address) else "serve.reachable"))


def _is_here_only(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
