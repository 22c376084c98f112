"""Will a flight arrive late? The flights of flight_delay, judged by a neural network in PyTorch."""
