"""The server as a process: it says what it opens, answers, tells no queries, and ends gently."""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.home import Home
from portal.serving.log import network_of
from tests.sample import ROOT

PATIENCE = 60.0
"""Seconds; a limit for a broken build, never waited for by a sound one."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def served(home: Home, port: int) -> Iterator[subprocess.Popen[str]]:
    """``olketanu serve`` in a process of its own, from its first line to its end."""
    command = [sys.executable, ROOT / "cli.py", "--home", home.root, "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*map(str, command), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OLKETANU_LANG": "en"},
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, process.stderr and process.stderr.read()
        assert json.loads(first)["documents"] == {"open": 2, "on_site": 1, "closed": 1}
        yield process
    finally:
        process.terminate()  # gently: killed, it would leave its follower behind
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def get(port: int, path: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
        return answer.status, answer.read()


def test_a_server_answers_tells_no_query_and_ends_gently(home: Home) -> None:
    port = free_port()
    with served(home, port) as process:
        status, body = get(port, "/health")
        assert (status, json.loads(body)["ok"]) == (200, True)
        assert get(port, "/en/?q=secret-wish")[0] == 200
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    lines = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert [(line["path"], line["status"]) for line in lines] == [("/health", 200), ("/en/", 200)]
    assert "secret-wish" not in errors
    assert lines[0]["from"] == "127.0.0.0/24"
    assert "127.0.0.0/24" in errors
    assert "Nobody can log in at the desk yet" in errors
    assert re.search(r"answers by IP address and as .*library\.example, .*localhost", errors)
    assert "The portal is closed." in errors


SLOW = """
import sys
from portal.serving.server import Server
from olketanu.settings import PortalSettings

def slow(environ, start):
    print("begun", flush=True)
    sys.stdin.readline()
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"whole " * 100_000]

Server(slow, PortalSettings(port=int(sys.argv[1]))).run()
"""


def test_what_is_in_hand_is_finished_and_what_comes_later_is_refused() -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with process, closing(asked(port)) as first:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGTERM)
        with closing(asked(port)) as second, second.getresponse() as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        process.stdin.write("enough\n")
        process.stdin.flush()
        with first.getresponse() as answer:
            assert len(answer.read()) == 600_000
    assert process.returncode == 0


def asked(port: int, path: str = "/", patience: float = PATIENCE) -> HTTPConnection:
    """A connection on which a page was asked for, as soon as there is somebody to ask."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=patience)
        try:
            connection.request("GET", path)
        except ConnectionRefusedError:
            connection.close()
            time.sleep(0.1)
        else:
            return connection
    raise AssertionError("nobody answers")


def test_a_taken_port_is_told_in_words(home: Home) -> None:
    port = free_port()
    command = [sys.executable, ROOT / "cli.py", "--home", home.root, "serve", "--port", str(port)]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = subprocess.run(
            list(map(str, command)),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "OLKETANU_LANG": "en"},
        )
    assert done.returncode == 5
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port 8081" in done.stderr


def test_a_missing_index_makes_the_server_unwell(home: Home, reader: FlaskClient) -> None:
    assert reader.get("/health").status_code == 200
    for path in sorted(home.index.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    answer = reader.get("/health")
    assert (answer.status_code, answer.get_json()["index"]) == (503, "missing")


def test_text_is_packed_for_those_who_take_it(app: Flask, reader: FlaskClient) -> None:
    plain = reader.get("/static/olketanu.css")
    packed = reader.get("/static/olketanu.css", headers={"Accept-Encoding": "gzip"})
    assert packed.content_encoding == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    again = reader.get("/static/olketanu.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["..%2fapp.py", "%2e%2e/app.py", "no.css", "x%00.css"])
def test_no_address_reaches_beyond_the_static_files(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.168.7.31", "192.168.7.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("unix", ""),
        ("", ""),
    ],
)
def test_the_log_knows_networks_not_people(address: str, network: str) -> None:
    assert network_of(address) == network
