import { join, resolve } from 'node:path';

/** Where the laptop keeps what it made. Everything below can be deleted: the next run makes it again. */
export class StateDirectory {
  readonly root: string;
  /** Folder of virtual environments, shared by all local environments. */
  readonly pythonEnvironments: string;

  /**
   * @param root folder of one local environment, normally `.mlops/local`; what is relative is so from the working folder of
   * this process, though others are told of it
   * @param pythonEnvironments folder of virtual environments. @default - `python` beside the root
   */
  constructor(root: string, pythonEnvironments: string = resolve(root, '..', 'python')) {
    this.root = resolve(root);
    this.pythonEnvironments = resolve(pythonEnvironments);
  }

  private at(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** One JSON file a daemon: its process id, start time and port. */
  get processes(): string {
    return this.at('processes');
  }
  get logs(): string {
    return this.at('logs');
  }
  /** State of the AWS emulator. */
  get aws(): string {
    return this.at('aws');
  }
  /** State of our SageMaker. */
  get sagemaker(): string {
    return this.at('sagemaker');
  }
  /** What stands for container images: see {@link ImageStore}. */
  get images(): string {
    return this.at('images');
  }
  /** The cloud assembly that is deployed. */
  get cloudAssembly(): string {
    return this.at('cdk.out');
  }
  get mlflowDatabase(): string {
    return this.at('mlflow.db');
  }
  get mlflowArtifacts(): string {
    return this.at('mlflow-artifacts');
  }
  get report(): string {
    return this.at('report', 'index.html');
  }
  get summary(): string {
    return this.at('summary.json');
  }
  /** What releases under traffic came to. */
  get rehearsals(): string {
    return this.at('rehearsals.json');
  }
}
