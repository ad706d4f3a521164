"""The portal over a small library, for one test each; over the sample, for browsers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from olketanu.home import Home
from tests.portal.browser import chromium_running, serving
from tests.portal.guarded_home import CLOSED, ON_SITE, make_guarded_home
from tests.portal.made_portal import make_portal_home, opened
from tests.portal.members import STAFF, enter_members, logged_in
from tests.portal.shelves import sit_in_the_library


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library, made once; nothing writes to it."""
    return make_portal_home(tmp_path_factory.mktemp("portal") / "home").root


@pytest.fixture(scope="session")
def guarded_home(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library with documents that are shut, and cards that wait; nothing writes to it."""
    root = tmp_path_factory.mktemp("guarded") / "home"
    home = make_guarded_home(made_home, root, CLOSED, ON_SITE)
    sit_in_the_library(home)
    return home.root


@pytest.fixture
def guarded(guarded_home: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application over a copy of the guarded library."""
    with opened(Home(shutil.copytree(guarded_home, tmp_path / "guarded"))) as made:
        yield made


@pytest.fixture
def app(made_home: Path, tmp_path: Path) -> Iterator[Flask]:
    with opened(Home(shutil.copytree(made_home, tmp_path / "home"))) as made:
        yield made


@pytest.fixture
def home(app: Flask) -> Home:
    found: Home = app.extensions["olketanu"].home
    return found


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def scanner(app: Flask) -> FlaskClient:
    return logged_in(app, "scanner")


@pytest.fixture
def cataloguer(app: Flask) -> FlaskClient:
    return logged_in(app, "cataloguer")


@pytest.fixture
def head(app: Flask) -> FlaskClient:
    return logged_in(app, "head")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of all tests that need one."""
    with chromium_running() as browser:
        yield browser


@pytest.fixture(scope="session")
def library_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample's home, with a member of each role; nobody serves or changes it."""
    home = shutil.copytree(sample_home, tmp_path_factory.mktemp("served") / "home")
    enter_members(Home(home), *STAFF)
    return home


@pytest.fixture
def own_home(library_home: Path, tmp_path: Path) -> Path:
    """A copy of that home for one test, which may change it."""
    return shutil.copytree(library_home, tmp_path / "home")


@pytest.fixture(scope="session")
def site(library_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address under which the sample's library is served, to browsers that only read.

    A home of its own: what follows from the members and from logins is written into it meanwhile,
    and a copy taken in the middle of that would be torn.
    """
    with serving(shutil.copytree(library_home, tmp_path_factory.mktemp("site") / "home")) as url:
        yield url
