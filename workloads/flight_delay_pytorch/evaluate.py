"""Processing step: the same as of flight_delay."""

from common.script import run_processing
from flight_delay.evaluate import main

if __name__ == "__main__":
    run_processing(main)
