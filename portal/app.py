"""The web application: the rooms of the portal put together.

Each room is a blueprint in a module of its own; what all of them share is put around them here.
"""

from pathlib import Path

from flask import Flask

from olketanu.home import Home
from portal import assets, words
from portal.desk import batches, door
from portal.desk import rooms as desk
from portal.failures import explain_failures
from portal.guard.budget import keep_budget
from portal.guard.hosts import KnownHosts, names_of
from portal.guard.safety import guard
from portal.guard.tokens import FormKey
from portal.languages import Languages
from portal.libraries import Libraries
from portal.packing import pack_answers
from portal.reading import about, document, page, pictures, record, search, sitemap
from portal.reading import home as front
from portal.serving import health
from portal.serving.log import tell_name
from portal.serving.runs import Runs
from portal.staff import login, people
from workflow.library import open_library

_FOLDER = Path(__file__).parent
ROOMS = (
    assets.ROOM,
    health.ROOM,
    front.ROOM,
    search.ROOM,
    about.ROOM,
    sitemap.ROOM,
    *desk.ROOMS,
    document.ROOM,
    page.ROOM,
    pictures.ROOM,
    record.ROOM,
    login.ROOM,
    people.ROOM,
    batches.ROOM,
)
"""The blueprints, in the order of a visit."""


def make_app(home: Home) -> Flask:
    """Return the application for one library; errors as of ``open_library``."""
    with open_library(home) as library:  # migrates before the first reader, and fails early
        settings = library.settings
    app = Flask("olketanu", root_path=str(_FOLDER), static_folder=None)
    app.extensions["olketanu"] = Libraries(home)
    app.extensions["olketanu.runs"] = Runs(home)
    app.extensions["olketanu.forms"] = FormKey.of(home)  # here: no GET writes a file
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    guard(app)
    keep_budget(app)
    door.keep(app)
    login.open_login(app)
    pack_answers(app)
    app.after_request(tell_name)
    explain_failures(app)
    words.teach(app, settings.library.name, settings.library.language)
    app.context_processor(words.page_context)
    for room in ROOMS:
        app.register_blueprint(room)
    speaking = Languages(app.wsgi_app, settings.library.language)
    app.wsgi_app = KnownHosts(speaking, names_of(settings), app.jinja_env)  # type: ignore[method-assign]  # Flask's own way to wrap
    return app


def start_work(app: Flask) -> None:
    """Begin to follow what people do; a server calls it once, when it is about to answer."""
    app.extensions["olketanu"].follower.start()


def close_app(app: Flask) -> None:
    """End what the application has started, and let go of what it holds."""
    app.extensions["olketanu.runs"].close()
    app.extensions["olketanu"].close()
