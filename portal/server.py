"""The server: waitress before the application, until somebody ends it."""

from flask import Flask
from waitress import create_server

from olketanu.settings import PortalSettings


def serve(app: Flask, settings: PortalSettings) -> None:
    """Answer requests until the process is told to end; OSError where the port is taken."""
    server = create_server(
        app, host=settings.address, port=settings.port, threads=settings.threads, ident=None
    )
    server.run()
