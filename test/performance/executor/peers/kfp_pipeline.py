"""Kubeflow Pipelines: a process a step by its SubprocessRunner, in the environment of the driver."""

from driver import timed, work
from kfp import dsl, local


@dsl.component(install_kfp_package=False)
def one_step(folder: str, shape: str, steps: int, index: int) -> None:
    import step

    step.run(folder, shape, steps, index)


def main() -> None:
    job = work()
    local.init(
        runner=local.SubprocessRunner(use_venv=False), pipeline_root=str(job.home / "outputs"), raise_on_error=True
    )

    @dsl.pipeline
    def bench() -> None:
        tasks: list[dsl.PipelineTask] = []
        for index in range(job.steps):
            task = one_step(folder=job.folder, shape=job.shape, steps=job.steps, index=index)
            task.after(*[tasks[before] for before in job.predecessors(index)])
            tasks.append(task)

    timed(bench)


if __name__ == "__main__":
    main()
