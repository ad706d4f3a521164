"""Names of machines as the web writes them: one form for what is typed, set and sent."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PORT = re.compile(r":[0-9]{0,5}")
_LONGEST = 253  # of a name, RFC 1035 2.3.4


def host_in(authority: str) -> str | None:
    """Return the host of ``host[:port]`` (RFC 3986 3.2.2) in one form, None where it is none.

    An address is written as ``ipaddress`` does, without brackets; a name small, with the letters of
    other alphabets as IDNA (RFC 3490) has them, without the dot of the root.
    """
    if authority.startswith("["):
        inner, bracket, port = authority[1:].partition("]")
        host = _address(inner) if bracket and ":" in inner else None
    else:
        inner, colon, digits = authority.partition(":")
        host, port = _address(inner) or _name(inner), colon + digits
    return host if not port or _PORT.fullmatch(port) else None


def host_of(url: str) -> str | None:
    """Return the host of an address of the web in the same form, None where it names none."""
    try:
        return host_in(urlsplit(url).netloc.rpartition("@")[2])
    except ValueError:  # "http://[": no address at all
        return None


def is_address(host: str) -> bool:
    """Return whether a host is an IP address, which no name server leads anywhere else."""
    return _address(host) is not None


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def _name(text: str) -> str | None:
    if len(text) > _LONGEST + 1:  # before more is done with what a stranger has sent
        return None
    try:
        name = text.removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:  # an empty label, or one that is too long
        return None
    fits = name and len(name) <= _LONGEST and all(map(_LABEL.fullmatch, name.split(".")))
    return name if fits else None
