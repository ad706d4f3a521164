"""The portal as people meet it: the program serving, and Chromium before it.

    with serving(home) as url, browsing(chromium, url, width=390) as tab:
        tab.open("/ru/")
        tab.page.locator("main input[type=search]").fill("терриконы")

Whatever a browser complains of fails the test by itself: errors in the console, refusals by the
Content Security Policy, uncaught exceptions, requests to any other host, failed requests, 5xx.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.portal.members import PASSWORD, STAFF
from tests.sample import ROOT

WIDTHS = {390: 844, 1280: 800}
"""The two screens of every walk: a phone and an office machine; width to height."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PATIENCE = 60.0
"""Seconds; a limit for a broken build, never waited for by a sound one."""
_WATCH_POLICY = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`))"""


@dataclass  # without slots: Playwright keeps its wrappers of the hear_… methods in the tab
class Tab:
    """One tab of a browser; ``complaints`` gathers what went wrong in it, in words."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    """Statuses that the test asks for on purpose, so that the console may mention them."""

    def open(self, path: str, *, status: int = 200) -> Response:
        """Go to ``path`` of the portal; fails where the answer is another than ``status``."""
        self.expected.add(status)
        answer = self.page.goto(self.url + path)
        assert answer is not None, path
        assert answer.status == status, f"{path}: {answer.status}"
        return answer

    def tabs_until(self, selector: str, most: int = 80) -> None:
        """Press Tab until what ``selector`` names has the focus, as people without a mouse do."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.locator(f":is({selector}):focus").count():
                return
        raise AssertionError(f"{most} times Tab, and {selector} never had the focus")

    def wait_until(self, truth: str) -> None:
        """Ask the page from outside until a JavaScript expression is true.

        Playwright's own waiting evaluates within the page, which the policy of the portal refuses
        as soon as the first answer is no.
        """
        end = time.monotonic() + PATIENCE
        while not self.page.evaluate(truth):
            assert time.monotonic() < end, f"never true: {truth}"
            time.sleep(0.02)

    def wait_for(self, happened: Callable[[], object]) -> None:
        """Let the browser go on until the test has heard of something."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end, "nothing happens"
            self.page.wait_for_timeout(20)

    def log_in(self, role: str = "head") -> None:
        """Come in as the member of ``tests.portal.members`` who has a role."""
        self.open("/en/desk/login")
        self.page.get_by_label("Name").fill(STAFF[role].name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url("**/desk/")

    def hear_console(self, message: ConsoleMessage) -> None:
        wanted = any(f"status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not wanted:
            self.complaints.append(f"console, {message.location.get('url', '')}: {message.text}")

    def hear_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.complaints.append(f"a request to another host: {request.url}")

    def hear_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left for another page, or a download
            self.complaints.append(f"failed: {request.url}: {request.failure}")

    def hear_answer(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status}: {response.url}")


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[str]:
    """Serve a home by the program itself in a child of its own; its address, without "/"."""
    port, log = _free_port(), home.parent / f"serve-{home.name}.log"
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "serve"]
    settings = {**os.environ, "OLKETANU_LANG": "en", "PYTHONWARNINGS": "default", **environment}
    with (
        log.open("wb") as told,
        subprocess.Popen(
            [*command, f"--port={port}"], stderr=told, stdout=told, env=settings
        ) as child,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/", child, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """Debian's Chromium; skips with the reason where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is not installed (run .ci/setup test)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def browsing(
    browser: Browser,
    url: str,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
    javascript: bool = True,
) -> Iterator[Tab]:
    """A new tab with no past; at the end, fails with all that the browser complained of."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS.get(width, 800)},
        color_scheme=scheme,
        java_script_enabled=javascript,
        reduced_motion="reduce",
        accept_downloads=True,
    )
    try:
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(_WATCH_POLICY)
        tab = Tab(context.new_page(), url)
        _listen(context, tab)
        yield tab
    finally:
        context.close()
    assert not tab.complaints, "\n".join(tab.complaints)


def _listen(context: BrowserContext, tab: Tab) -> None:
    context.on("console", tab.hear_console)
    context.on("request", tab.hear_request)
    context.on("requestfailed", tab.hear_failure)
    context.on("response", tab.hear_answer)
    context.on("weberror", lambda error: tab.complaints.append(f"uncaught: {error.error}"))


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait_for(url: str, child: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE * 3
    while child.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE):  # noqa: S310  # our own address
                return
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{url}: {error.code}\n{log.read_text('utf-8')}") from error
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nobody serves {url}\n{log.read_text('utf-8')}")
