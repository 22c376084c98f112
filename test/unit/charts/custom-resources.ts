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

export const CUSTOM_RESOURCES: Readonly<Record<string, z.ZodType>> = { Canary, MetricTemplate };
