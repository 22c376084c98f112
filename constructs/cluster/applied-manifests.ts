import { Duration } from 'aws-cdk-lib';
import { HelmChart, type ICluster, KubernetesManifest } from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';

export interface AppliedProgram {
  /** Of the chart, and of its release. */
  readonly name: string;
  readonly version: string;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface AppliedManifestsProps {
  /** With a provider of kubectl. */
  readonly cluster: ICluster;
  /** OCI registry with the charts, `HOST/PATH`. */
  readonly registry: string;
  /** Installed one after the other, in this order. */
  readonly programs: readonly AppliedProgram[];
  /** Objects by folder. The first folder is what the others need. */
  readonly objects: Readonly<Record<string, readonly object[]>>;
}

/**
 * What CloudFormation applies to a cluster: programs first, since the models' objects are of their kinds, then what all
 * models share, then the models. A model's objects are one resource, so a bad one fails alone and is rolled back alone.
 */
export class AppliedManifests extends Construct {
  constructor(scope: Construct, id: string, { cluster, registry, programs, objects }: AppliedManifestsProps) {
    super(scope, id);
    let before: Construct | undefined;
    for (const { name, version, namespace, values } of programs) {
      const chart = new HelmChart(this, `Chart-${name}`, {
        cluster,
        chart: name,
        repository: `oci://${registry}/${name}`,
        version,
        release: name,
        namespace,
        values: { ...values },
        // Fails as a whole: a half installed program is upgraded by the next deployment.
        wait: true,
        timeout: Duration.minutes(14),
      });
      if (before) chart.node.addDependency(before);
      before = chart;
    }
    const [shared, ...models] = Object.entries(objects).map(([folder, manifest]) => {
      return new KubernetesManifest(this, `Objects-${folder}`, { cluster, manifest: structuredClone([...manifest]) });
    });
    if (before) shared?.node.addDependency(before);
    if (shared) for (const model of models) model.node.addDependency(shared);
  }
}
