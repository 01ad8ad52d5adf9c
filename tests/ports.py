"""Ports for what tests start: free ones, which nothing else is given meanwhile."""

import random
import socket
from contextlib import ExitStack, suppress

# Below 32,768, where Linux begins to lend ports to connections that go out: there
# another test's browser could be lent ours before we listen, and who asks again and
# again whether we answer would be lent it too, and so reach nobody but himself.
_OURS = range(20_000, 32_000)


def free_port(in_a_row: int = 1) -> int:
    """Return a port that is free, and so are those after it that were asked for."""
    draw = random.SystemRandom()  # no seed: processes beside us must draw otherwise
    while True:
        port = draw.choice(_OURS)
        with suppress(OSError), ExitStack() as held:
            for one in range(port, port + in_a_row):
                held.enter_context(socket.socket()).bind(("127.0.0.1", one))
            return port


def answers(port: int, address: str = "127.0.0.1") -> bool:
    """Say whether something listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0
