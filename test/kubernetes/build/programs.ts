/** A module at a version. */
export interface Module {
  readonly module: string;
  readonly version: string;
  /** As the checksum database has it. */
  readonly sum: string;
}

/** A program of the control plane, built from its Go module; the module's own go.sum pins everything below it. */
export interface Program extends Module {
  readonly name: string;
  /** Package to build, within the module. */
  readonly package: string;
  /** Variables that the linker sets: name and value. @default {} */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * What stands beside the module in its repository, and so isn't pinned by its go.sum.
   * @default - nothing: the module is built as it is
   */
  readonly siblings?: {
    /** Version that they were published as, where the module doesn't say it. @default - the one that it requires */
    readonly version?: string;
    /** Lines for go.sum, in a file of this folder. */
    readonly sums: string;
  };
  /** Folders with the custom resource definitions that it works on. @default - it has none */
  readonly crds?: readonly {
    readonly folder: string;
    /** One that the program is built with. @default - the program's own */
    readonly of?: Module;
  }[];
}

const KUBERNETES = 'v1.36.3';
const component = (name: string): Program => ({
  name,
  module: 'k8s.io/kubernetes',
  version: KUBERNETES,
  sum: 'h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o=',
  package: `./cmd/${name}`,
  // Without them the API server takes itself for v0.0.0, and emulates that.
  variables: {
    'k8s.io/component-base/version.gitVersion': KUBERNETES,
    'k8s.io/component-base/version.gitMajor': '1',
    'k8s.io/component-base/version.gitMinor': '36',
    'k8s.io/component-base/version.gitTreeState': 'clean',
  },
  siblings: { version: 'v0.36.3', sums: 'kubernetes.sum' },
});

/** In the order in which they are needed, and built. */
export const PROGRAMS = {
  etcd: {
    name: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    version: 'v3.6.16',
    sum: 'h1:sLkpvz3RFtiNd/yPrZBKz5kT+XO1ZJkhmuUJeqc7OmA=',
    package: '.',
    siblings: { sums: 'etcd.sum' },
  },
  'kube-apiserver': component('kube-apiserver'),
  'kube-controller-manager': component('kube-controller-manager'),
  'kube-scheduler': component('kube-scheduler'),
  /** Right after what it shares nine tenths of its packages with. */
  kubectl: component('kubectl'),
  kwok: {
    name: 'kwok',
    module: 'sigs.k8s.io/kwok',
    version: 'v0.8.0',
    sum: 'h1:OTIOTwgROqPMovcTwxICx2eYQ4AwLpSx5EpjbDKF4SQ=',
    package: './cmd/kwok',
  },
  'rollouts-controller': {
    name: 'rollouts-controller',
    module: 'github.com/argoproj/argo-rollouts',
    version: 'v1.10.1',
    sum: 'h1:6oyVPGiHHxu3ixkT6mngemh88HLPDoTX1IwO6KNR1Y4=',
    package: './cmd/rollouts-controller',
    crds: [{ folder: 'manifests/crds' }],
  },
  /** A controller of the Gateway API, for Envoy. */
  contour: {
    name: 'contour',
    module: 'github.com/projectcontour/contour',
    version: 'v1.33.8',
    sum: 'h1:QoOfwqWws+CVRFpsRC2+f1DmB5IdurtyUtepIsiWfE0=',
    package: './cmd/contour',
    crds: [
      { folder: 'examples/contour' },
      {
        folder: 'config/crd/standard',
        of: {
          module: 'sigs.k8s.io/gateway-api',
          version: 'v1.3.0',
          sum: 'h1:q6okN+/UKDATola4JY7zXzx40WO4VISk7i9DIfOvr9M=',
        },
      },
    ],
  },
  'prometheus-operator': {
    name: 'prometheus-operator',
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    package: './cmd/operator',
    siblings: { sums: 'prometheus-operator.sum' },
    crds: [{ folder: 'example/prometheus-operator-crd' }],
  },
  flagger: {
    name: 'flagger',
    module: 'github.com/fluxcd/flagger',
    version: 'v1.41.0',
    sum: 'h1:oER1/QCK6AmooATKtOalu4i+fVL388wgk1yaErw06Tw=',
    package: './cmd/flagger',
    crds: [{ folder: 'artifacts/flagger' }],
  },
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof PROGRAMS;
