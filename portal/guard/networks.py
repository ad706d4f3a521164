"""Addresses and the networks that settings name."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

_SITE_BITS = 64  # RFC 6177: what one household is given


def is_in(address: str, networks: Iterable[str]) -> bool:
    """Return whether an address lies in one of the networks; what is no address lies in none."""
    try:
        place = ip_address(address)
    except ValueError:
        return False
    return any(place in ip_network(network) for network in networks)


def household(address: str) -> str:
    """Return what stands for everybody behind an address: of IPv6 the /64, of IPv4 itself."""
    try:
        place = ip_address(address)
    except ValueError:
        return address
    if isinstance(place, IPv6Address):
        return str(ip_network((place, _SITE_BITS), strict=False))
    return address
