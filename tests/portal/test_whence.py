"""From where somebody asks: proxies are believed that the settings name, and no others."""

import pytest
from flask import Flask

from olketanu.settings import PortalSettings
from portal.visitor import client_address, is_on_site

PROXY, READER, INSIDE = "10.0.0.2", "203.0.113.7", "10.0.7.31"
SETTINGS = PortalSettings(on_site=("10.0.0.0/16",), proxies=("10.0.0.2/32", "127.0.0.1/32"))


@pytest.mark.parametrize(
    ("connected", "told", "address", "on_site"),
    [
        (PROXY, READER, READER, False),
        (PROXY, INSIDE, INSIDE, True),
        (PROXY, f"{INSIDE}, {READER}", READER, False),  # the reader wrote the first one
        (PROXY, f"{READER}, 127.0.0.1", READER, False),  # two proxies of ours
        (PROXY, "nonsense", "nonsense", False),
        (PROXY, f"::ffff:{INSIDE}", f"::ffff:{INSIDE}", True),  # IPv4 as a proxy of IPv6 writes it
        (READER, INSIDE, READER, False),
        (INSIDE, "", INSIDE, True),
        (INSIDE, READER, INSIDE, False),  # a proxy in the library that nobody has named
    ],
)
def test_who_asks_is_known_by_what_our_proxies_say(
    app: Flask, connected: str, told: str, address: str, on_site: bool
) -> None:
    asked = {"REMOTE_ADDR": connected, "HTTP_X_FORWARDED_FOR": told}
    with app.test_request_context("/", environ_overrides=asked):
        assert client_address(SETTINGS) == address
        assert is_on_site(SETTINGS) is on_site


@pytest.mark.parametrize("told", [{}, {"HTTP_X_FORWARDED_FOR": " , "}])
def test_a_proxy_that_does_not_say_for_whom_it_asks_is_not_in_the_library(
    app: Flask, told: dict[str, str]
) -> None:
    with app.test_request_context("/", environ_overrides={"REMOTE_ADDR": PROXY, **told}):
        assert (client_address(SETTINGS), is_on_site(SETTINGS)) == ("", False)
