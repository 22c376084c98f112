"""What all servers hold connections to."""

from typing import Final

# Of a body that is too large: a client that still sends would get a reset connection and no answer.
DISCARDED_BYTES: Final = 64 * 1024 * 1024
