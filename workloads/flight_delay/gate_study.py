"""Prints the figures behind the gate, for docs/adr/0005-flight-delay-gate.md.

`PYTHONPATH=workloads python -m flight_delay.gate_study FOLDER`, the folder holding flights, weather and planes.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from common.arrays import Floats
from common.metrics import ClassifierMetrics
from flight_delay import baseline
from flight_delay.columns import DATE, FEATURE_NAMES, TARGET, WEATHER_NAMES
from flight_delay.estimator import Settings, fit
from flight_delay.features import prepare_flights
from flight_delay.source import read_source
from flight_delay.split import split_by_months

if TYPE_CHECKING:
    import pandas as pd

SPANS = {"train": (1, 6), "validation": (7, 8), "test": (9, 12)}
TRIALS = 6
RESAMPLES = 1000
METRICS = ("roc_auc", "log_loss")


def main(raw: Path) -> None:
    """A line for each model: metrics on the test months and their difference from the baseline, with 95 % intervals."""
    parts = split_by_months(prepare_flights(read_source(raw), late_minutes=15), SPANS)
    train, test = parts["train"], parts["test"]
    rates = baseline.apply_rates(baseline.learn_rates(train), test)
    models = {"one rate for all": np.full(len(test), train[TARGET].mean()), "by carrier and hour": rates}

    tuned, settings = _search(parts)
    print(f"best of {TRIALS} on validation: {settings}")
    gone = dict.fromkeys(WEATHER_NAMES, 0.0)
    models["boosting, weather gone"] = _predict(settings, train.assign(**gone), test.assign(**gone))
    models["boosting, tuned"] = tuned

    for name, probability in models.items():
        values = _differences(test, probability, rates)
        print(
            f"{name:24}",
            "  ".join(
                f"{metric} {value:.4f} difference {g:+.4f} [{low:+.4f}, {high:+.4f}]"
                for metric, (value, g, low, high) in values.items()
            ),
        )


def _search(parts: "dict[str, pd.DataFrame]") -> tuple[Floats, Settings]:
    """Predictions for the test rows by the best of some random settings, drawn from the ranges of config/models.ts."""
    random = np.random.default_rng(7)

    def draw(low: float, high: float) -> float:
        return float(np.exp(random.uniform(np.log(low), np.log(high))))

    start = Settings(
        learning_rate=0.1, max_iter=60, max_leaf_nodes=15, min_samples_leaf=100, l2_regularization=10, seed=0
    )
    validation = parts["validation"]
    found: list[tuple[float, Settings]] = []
    for _ in range(TRIALS):
        settings = replace(
            start,
            learning_rate=draw(0.05, 0.3),
            max_leaf_nodes=round(draw(6, 32)),
            l2_regularization=draw(0.1, 100),
        )
        measured = _metrics(validation, _predict(settings, parts["train"], validation)).measure()
        found.append((measured["roc_auc"], settings))
    best = max(found, key=lambda trial: trial[0])[1]
    return _predict(best, parts["train"], parts["test"]), best


def _predict(settings: Settings, train: "pd.DataFrame", rows: "pd.DataFrame") -> Floats:
    model = fit(settings, train)
    probability: Floats = model.predict_proba(rows[FEATURE_NAMES])[:, 1]
    return probability


def _metrics(rows: "pd.DataFrame", probability: Floats) -> ClassifierMetrics:
    return ClassifierMetrics(rows[TARGET].to_numpy("float64"), probability, 0.5)


def _differences(
    test: "pd.DataFrame", probability: Floats, rates: Floats
) -> dict[str, tuple[float, float, float, float]]:
    """Value, difference from the baseline and its interval; both models are measured on the same resampled days."""
    mine, theirs = _metrics(test, probability), _metrics(test, rates)
    days = test[DATE].factorize()[0]
    count = int(days.max()) + 1
    random = np.random.default_rng(0)
    drawn: dict[str, list[float]] = {metric: [] for metric in METRICS}
    for _ in range(RESAMPLES):
        weights = np.bincount(random.integers(0, count, count), minlength=count).astype(np.float64)[days]
        ours, base = mine.measure(weights), theirs.measure(weights)
        for metric in METRICS:
            drawn[metric].append(ours[metric] - base[metric])
    value, base = mine.measure(), theirs.measure()
    return {
        metric: (value[metric], value[metric] - base[metric], *np.percentile(drawn[metric], [2.5, 97.5]).tolist())
        for metric in METRICS
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
