import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { ModelSpec } from '../../config/model-spec';
import { InvalidInputError } from '../../core/invalid-input-error';
import { modelName, stackName } from '../../core/names';
import { type Clients, localClients } from '../clients';

export interface TargetProps {
  /** Name of the emulated environment. */
  readonly environment: string;
  readonly region: string;
  readonly model: string;
  readonly spec: ModelSpec;
}

/** One model in the running local environment: what every phase after the deployment works on. */
export class Target {
  readonly clients: Clients;

  constructor(
    /** `http://localhost:PORT` of the emulator. */
    readonly endpoint: string,
    readonly props: TargetProps,
  ) {
    this.clients = localClients(endpoint, props.region);
  }

  /** Name of the model's pipeline, package group and endpoint. */
  get name(): string {
    return modelName(this.props.environment, this.props.model);
  }

  get servingStack(): string {
    return stackName(this.props.environment, 'serving', this.props.model);
  }

  /** @throws InvalidInputError if the data stack isn't deployed */
  async bucket(output: 'RawBucketName' | 'EvidenceBucketName' | 'ModelsBucketName'): Promise<string> {
    const stack = stackName(this.props.environment, 'data');
    const outputs = await this.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stack })).then(
      ({ Stacks }) => Stacks?.[0]?.Outputs,
      () => undefined,
    );
    const value = outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
    if (value) return value;
    throw new InvalidInputError(stack, `is not deployed, got no output ${output}`, 'run npx mlops local up');
  }
}
