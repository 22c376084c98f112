import { ApiObject, type App, Chart } from 'cdk8s';
import type { KubernetesObject } from './kubernetes-object';

export interface ObjectsChartProps {
  /** Of each object that has one. @default - objects of the cluster */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly objects: readonly KubernetesObject[];
}

/** The objects of one file, each as it was made: an ApiObject drops no field, whatever its Kubernetes is. */
export class ObjectsChart extends Chart {
  constructor(scope: App, id: string, { namespace, labels, objects }: ObjectsChartProps) {
    super(scope, id, { namespace, labels: { ...labels }, disableResourceNameHashes: true });
    for (const object of objects) new ApiObject(this, `${object.kind}-${object.metadata?.name}`, { ...object });
  }
}
