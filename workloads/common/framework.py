"""Which library a model was trained by."""

from typing import Any


def framework_of(estimator: Any) -> str:  # noqa: ANN401
    """By the name of its package, such as `sklearn`: that of a pipeline's last step.

    An estimator of our own has a `framework` that says it.
    """
    last = estimator[-1] if hasattr(estimator, "steps") else estimator
    named: str = getattr(last, "framework", type(last).__module__.partition(".")[0])
    return named
