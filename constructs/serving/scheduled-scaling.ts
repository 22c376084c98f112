import { Construct } from 'constructs';
import { Faults } from '../../core/faults';
import { checkInstances, type InstanceScalingProps, instanceTarget } from './invocation-scaling';

/** Instances between bounds that only scheduled actions change. */
export class ScheduledScaling extends Construct {
  /** @throws InvalidInputError if a bound is out of range or min exceeds max */
  constructor(scope: Construct, id: string, props: InstanceScalingProps) {
    super(scope, id);
    const faults = new Faults();
    checkInstances(props, (setting) => `${this.node.path}.${setting}`, faults);
    faults.throwIfAny(this.node.path);
    instanceTarget(this, props);
  }
}
