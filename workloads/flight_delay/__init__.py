"""Will a flight arrive late? Judged before it departs."""
