"""How often one address may do something: a budget that fills up again as time goes by."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class Rate:
    """`most` deeds within `seconds` from one address; the least recently seen of more than `addresses` are forgotten.

    An IPv6 visitor commands a whole /64 network, which counts as one address.
    """

    def __init__(self, most: int, seconds: float, addresses: int = 20_000, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self.addresses, self.clock = most, seconds, addresses, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str) -> float:
        """Take one deed from the budget of an address; 0 where it was there, else the seconds until there is one."""
        key, now = network(address), self.clock()
        with self._lock:
            left, at = self._left.pop(key, (float(self.most), now))
            left = min(left + (now - at) * self.most / self.seconds, float(self.most))
            short = max(1 - left, 0.0)
            self._left[key] = (left if short else left - 1, now)
            while len(self._left) > self.addresses:
                self._left.popitem(last=False)
        return short * self.seconds / self.most

    def forget(self) -> None:
        """Begin anew, for everybody."""
        with self._lock:
            self._left.clear()


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, the /64 of an IPv6 one, or the text as it is.

    >>> network("203.0.113.9"), network("2001:db8:1:2:3:4:5:6"), network("::ffff:203.0.113.9"), network("proxy")
    ('203.0.113.9', '2001:db8:1:2::/64', '203.0.113.9', 'proxy')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network(f"{found}/64", strict=False))


def minutes(seconds: float) -> int:
    """Whole minutes, at least one."""
    return max(math.ceil(seconds / 60), 1)
