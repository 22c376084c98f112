import { z } from 'zod';

/**
 * Custom resources that no package has validators of: the fields that we set, by hand from the definitions that the
 * projects publish. Another field is refused, as a strict API server does.
 */
const metadata = z.strictObject({ name: z.string().max(63) });
const reference = z.strictObject({ apiVersion: z.string(), kind: z.string(), name: z.string() });
const duration = z.string().regex(/^[0-9]+(m|s)/);

/** @see https://github.com/fluxcd/flagger/blob/main/artifacts/flagger/crd.yaml */
const Canary = z.strictObject({
  apiVersion: z.literal('flagger.app/v1beta1'),
  kind: z.literal('Canary'),
  metadata,
  spec: z.strictObject({
    provider: z.enum(['gatewayapi:v1', 'istio']),
    targetRef: reference.extend({ kind: z.enum(['DaemonSet', 'Deployment', 'Service']) }),
    autoscalerRef: reference.extend({
      kind: z.enum(['HorizontalPodAutoscaler', 'ScaledObject']),
      primaryScalerQueries: z.record(z.string(), z.string()).optional(),
    }),
    progressDeadlineSeconds: z.number(),
    skipAnalysis: z.boolean().optional(),
    service: z.strictObject({
      name: z.string(),
      port: z.number(),
      portName: z.string(),
      targetPort: z.union([z.string(), z.number()]),
      timeout: z.string(),
      hosts: z.array(z.string()),
      gateways: z.array(z.string()).optional(),
      gatewayRefs: z
        .array(
          z.strictObject({
            name: z.string().max(253),
            namespace: z.string().max(63),
            sectionName: z.string().optional(),
          }),
        )
        .max(32)
        .optional(),
      match: z.array(z.strictObject({ uri: z.strictObject({ prefix: z.string() }) })),
    }),
    analysis: z.strictObject({
      interval: duration,
      threshold: z.number(),
      stepWeights: z.array(z.number().min(1).max(100)).min(1),
      mirror: z.boolean().optional(),
      mirrorWeight: z.number().min(0).max(100).optional(),
      metrics: z.array(
        z.strictObject({
          name: z.string(),
          interval: duration,
          templateRef: z.strictObject({ name: z.string() }),
          thresholdRange: z.strictObject({ max: z.number() }),
        }),
      ),
    }),
  }),
});

const MetricTemplate = z.strictObject({
  apiVersion: z.literal('flagger.app/v1beta1'),
  kind: z.literal('MetricTemplate'),
  metadata,
  spec: z.strictObject({
    provider: z.strictObject({ type: z.literal('prometheus'), address: z.url() }),
    query: z.string().min(1),
  }),
});

/** Checked apart: by kubernetes-models, as any pod. */
const pod = {
  serviceAccountName: z.string(),
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.int().optional(),
  securityContext: z.looseObject({}),
  topologySpreadConstraints: z.array(z.looseObject({})),
  tolerations: z.array(z.looseObject({})).optional(),
  initContainers: z.array(z.looseObject({})).optional(),
  containers: z.array(z.looseObject({ name: z.literal('kserve-container') })).length(1),
  volumes: z.array(z.looseObject({})),
};

const HPA = 'hpa.autoscaling.knative.dev';

/**
 * @see `kserve.models.V1beta1PredictorSpec` of PyPI kserve 0.21
 * @see `validateAutoScalingCompExtension` in pkg/apis/serving/v1beta1/inference_service_validation.go of kserve/kserve
 */
const InferenceService = z
  .strictObject({
    apiVersion: z.literal('serving.kserve.io/v1beta1'),
    kind: z.literal('InferenceService'),
    metadata: metadata.extend({
      annotations: z.strictObject({
        'serving.kserve.io/deploymentMode': z.enum(['Knative', 'Standard']),
        'autoscaling.knative.dev/class': z.literal(HPA).optional(),
      }),
    }),
    spec: z.strictObject({
      predictor: z.strictObject({
        ...pod,
        canaryTrafficPercent: z.int().min(0).max(100).optional(),
        minReplicas: z.int().min(0),
        maxReplicas: z.int().min(0),
        scaleMetric: z.enum(['concurrency', 'rps', 'cpu', 'memory']),
        scaleTarget: z.int().min(1),
        timeout: z.int().min(1),
        labels: z.record(z.string(), z.string().max(63)),
        annotations: z.record(z.string(), z.string()).optional(),
        deploymentStrategy: z.looseObject({ type: z.literal('RollingUpdate') }).optional(),
      }),
    }),
  })
  .refine(
    ({ metadata: { annotations }, spec: { predictor } }) =>
      annotations['serving.kserve.io/deploymentMode'] === 'Standard' ||
      (annotations['autoscaling.knative.dev/class'] === HPA) === ['cpu', 'memory'].includes(predictor.scaleMetric),
    'on Knative cpu and memory are metrics of the HPA only, and the others of its own autoscaler',
  );

/** @see `SeldonDeploymentSpec` in operator/apis/machinelearning.seldon.io/v1 of SeldonIO/seldon-core */
const SeldonDeployment = z.strictObject({
  apiVersion: z.literal('machinelearning.seldon.io/v1'),
  kind: z.literal('SeldonDeployment'),
  metadata,
  spec: z.strictObject({
    protocol: z.enum(['seldon', 'tensorflow', 'v2']),
    predictors: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/),
          traffic: z.int().min(0).max(100).optional(),
          shadow: z.boolean().optional(),
          graph: z.strictObject({
            name: z.string(),
            type: z.literal('MODEL'),
            endpoint: z.strictObject({ type: z.enum(['REST', 'GRPC']), httpPort: z.int() }),
            children: z.array(z.never()),
          }),
          componentSpecs: z.array(
            z.strictObject({
              metadata: z.strictObject({ labels: z.record(z.string(), z.string()) }),
              spec: z.looseObject({}),
              replicas: z.int().min(1),
            }),
          ),
        }),
      )
      .min(1),
  }),
});

const label = z.string().max(63);
const capability = z.string().min(1);

/** @see operator/config/crd/bases/mlops.seldon.io_servers.yaml of SeldonIO/seldon-core at v2.9.1 */
const Server = z.strictObject({
  apiVersion: z.literal('mlops.seldon.io/v1alpha1'),
  kind: z.literal('Server'),
  metadata: metadata.extend({ labels: z.record(z.string(), label).optional() }),
  spec: z.strictObject({
    serverConfig: z.enum(['mlserver', 'triton']),
    capabilities: z.array(capability).min(1),
    replicas: z.int().min(1),
    podSpec: z.strictObject({
      terminationGracePeriodSeconds: z.int(),
      securityContext: z.looseObject({}),
      topologySpreadConstraints: z.array(z.looseObject({})),
      tolerations: z.array(z.looseObject({})).optional(),
      initContainers: z.array(z.looseObject({})),
      containers: z.array(z.looseObject({ name: z.enum(['rclone', 'agent', 'mlserver', 'triton']) })).length(3),
      volumes: z.array(z.strictObject({ name: z.string(), emptyDir: z.looseObject({}) })),
    }),
  }),
});

/** @see operator/config/crd/bases/mlops.seldon.io_models.yaml */
const Model = z.strictObject({
  apiVersion: z.literal('mlops.seldon.io/v1alpha1'),
  kind: z.literal('Model'),
  metadata,
  spec: z.strictObject({
    storageUri: z.string(),
    requirements: z.array(capability).min(1),
    replicas: z.int().min(1),
  }),
});

/** @see operator/config/crd/bases/mlops.seldon.io_experiments.yaml, and scheduler/pkg/store/experiment/validate.go */
const Experiment = z
  .strictObject({
    apiVersion: z.literal('mlops.seldon.io/v1alpha1'),
    kind: z.literal('Experiment'),
    metadata,
    spec: z.strictObject({
      default: z.string(),
      candidates: z.array(z.strictObject({ name: z.string(), weight: z.int().min(0) })).min(1),
      mirror: z.strictObject({ name: z.string(), percent: z.int().min(0).max(100) }).optional(),
    }),
  })
  .refine(({ spec }) => spec.candidates.some(({ name }) => name === spec.default), 'the default is a candidate')
  .refine(({ spec: { candidates, mirror } }) => {
    const names = [...candidates, ...(mirror ? [mirror] : [])].map(({ name }) => name);
    return new Set(names).size === names.length;
  }, 'names differ');

export const CUSTOM_RESOURCES: Readonly<Record<string, z.ZodType>> = {
  Canary,
  Experiment,
  InferenceService,
  MetricTemplate,
  Model,
  SeldonDeployment,
  Server,
};
