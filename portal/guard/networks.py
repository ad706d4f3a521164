"""Addresses and the networks that settings name."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_SITE_BITS = 64  # RFC 6177: what one household is given


def is_in(address: str, networks: Iterable[str]) -> bool:
    """Return whether an address lies in one of the networks; what is no address lies in none."""
    place = _place(address)
    return place is not None and any(place in ip_network(network) for network in networks)


def household(address: str) -> str:
    """Return what stands for everybody behind an address: of IPv6 the /64, of IPv4 itself."""
    place = _place(address)
    if isinstance(place, IPv6Address):
        return str(ip_network((place, _SITE_BITS), strict=False))
    return address if place is None else str(place)


def _place(address: str) -> IPv4Address | IPv6Address | None:
    """An address; one of IPv4 that is written as IPv6 (RFC 4291 2.5.5.2) is one of IPv4."""
    try:
        place = ip_address(address)
    except ValueError:
        return None
    return getattr(place, "ipv4_mapped", None) or place
