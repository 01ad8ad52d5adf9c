"""What the fork server does once. Tests must not import it: its leases are short."""

import gc

from tests.load.someone import warm_up

warm_up()
gc.freeze()  # so that a fork copies less
