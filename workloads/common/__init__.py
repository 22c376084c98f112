"""What every workload shares: the container contract, metrics, tracking and the model server."""
