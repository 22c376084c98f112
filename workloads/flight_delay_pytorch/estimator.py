"""The classifier: a network with embeddings, trained by PyTorch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from common.tabular_network import UNKNOWN, Encoding, Layer, TabularNetwork
from flight_delay.columns import NUMBERS, TARGET, WORDS
from flight_delay.training_job import require_learnable

if TYPE_CHECKING:
    import pandas as pd

# Of a column's embeddings, at most; half of the words' number if that is less.
WIDEST_EMBEDDING = 12


@dataclass(frozen=True)
class Settings:
    """Hyperparameters; `learning_rate`, `batch_size` and `weight_decay` are AdamW's."""

    learning_rate: float
    epochs: int
    batch_size: int
    width: int
    weight_decay: float
    seed: int


def fit(settings: Settings, train: "pd.DataFrame") -> TabularNetwork:
    """A network fitted to the prepared rows. Raises a WorkloadError for a column or a target that says nothing."""
    import torch

    require_learnable(train)
    encoding = Encoding.of(train, WORDS, NUMBERS)
    codes, values = torch.from_numpy(encoding.codes(train)), torch.from_numpy(encoding.values(train))
    truth = torch.from_numpy(train[TARGET].to_numpy("float32"))

    torch.manual_seed(settings.seed)
    embeddings, layers = _build(encoding, settings.width)
    parameters = [*embeddings.parameters(), *layers.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=settings.weight_decay)
    for _ in range(settings.epochs):
        for rows in torch.randperm(len(train)).split(settings.batch_size):
            optimiser.zero_grad()
            chosen = [table(codes[rows, place]) for place, table in enumerate(embeddings)]
            score = layers(torch.cat([*chosen, values[rows]], dim=1))[:, 0]
            torch.nn.functional.binary_cross_entropy_with_logits(score, truth[rows]).backward()
            optimiser.step()
    return TabularNetwork(
        encoding,
        [_array(table.weight) for table in embeddings],
        [Layer(_array(layer.weight), _array(layer.bias)) for layer in layers if isinstance(layer, torch.nn.Linear)],
    )


def _build(encoding: Encoding, width: int) -> tuple[Any, Any]:
    """Embeddings, and what comes behind them."""
    from torch import nn

    # One more than there are words, for those never seen.
    sizes = [(len(known) + 1, min(WIDEST_EMBEDDING, len(known) // 2 + 1)) for known in encoding.words.values()]
    inputs = sum(size for _, size in sizes) + 2 * len(encoding.numbers)
    embeddings = nn.ModuleList(nn.Embedding(*size) for size in sizes)
    layers = nn.Sequential(
        nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width // 2), nn.ReLU(), nn.Linear(width // 2, 1)
    )
    for table in embeddings:
        nn.init.normal_(table.weight, std=0.05)
        # Such a word adds nothing.
        nn.init.zeros_(table.weight[UNKNOWN])
    return embeddings, layers


def _array(tensor: Any) -> Any:  # noqa: ANN401
    return np.ascontiguousarray(tensor.detach().numpy())
