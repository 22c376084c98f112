"""The AWS of this machine: ministack in this process, with what it lacks added."""
