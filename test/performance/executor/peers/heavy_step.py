"""The work of a step that needs what those of a real pipeline need: it imports that, and then does as the others."""

import runpy
from os.path import dirname

import pandas  # noqa: F401 - to import it is the work
import sklearn.ensemble  # noqa: F401

runpy.run_path(f"{dirname(__file__)}/step.py", run_name="__main__")
