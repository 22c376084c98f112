"""What all servers hold connections to."""

from typing import Final

# Balancers give an idle connection up after 60 s; who closes first must be them, or a request is lost on the way.
KEEP_ALIVE_SECONDS: Final = 75

# Of a body that is too large: a client that still sends would get a reset connection and no answer.
DISCARDED_BYTES: Final = 64 * 1024 * 1024
