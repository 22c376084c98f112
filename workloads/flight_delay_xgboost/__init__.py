"""Will a flight arrive late? The flights of flight_delay, judged by XGBoost."""
