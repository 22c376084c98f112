import { API, each, type ServiceRule, unlessWhole, when } from './service-rule';

const VARIANT_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** What holds for every endpoint. */
export const ENDPOINT_RULES: readonly ServiceRule[] = [
  {
    id: 'instance-count',
    says: 'A variant begins with at least one instance; only autoscaling takes the last one away.',
    wayOut: 'use at least one',
    source: `${API}API_ProductionVariant.html`,
    breaches: ({ variants, shadowVariants }) =>
      [...variants, ...shadowVariants].flatMap(({ instanceCount }) =>
        instanceCount === undefined ? [] : unlessWhole('instanceCount', instanceCount, [1, Number.MAX_SAFE_INTEGER]),
      ),
  },
  {
    id: 'startup-health-check',
    says: 'A container has 60 to 3600 seconds to become healthy.',
    wayOut: 'give seconds in these bounds',
    source: `${API}API_ProductionVariant.html`,
    breaches: ({ variants, shadowVariants }) =>
      [...variants, ...shadowVariants].flatMap(({ startupSeconds }) =>
        startupSeconds === undefined ? [] : unlessWhole('startup', startupSeconds, [60, 3600]),
      ),
  },
  {
    id: 'capture-percentage',
    says: 'Data capture samples 0 to 100 percent of the requests.',
    wayOut: 'give a percentage',
    source: `${API}API_DataCaptureConfig.html`,
    breaches: ({ capturePercent }) => unlessWhole('capturePercent', capturePercent, [0, 100]),
  },
  {
    id: 'variant-count',
    says: 'An endpoint has 1 to 10 production variants.',
    wayOut: 'spread more versions over several endpoints',
    source: `${API}API_CreateEndpointConfig.html`,
    breaches: ({ mode, variants }) =>
      when(
        (variants.length < 1 && mode !== 'batch') || variants.length > 10,
        'variants',
        `must be 1 to 10 production variants, got ${variants.length}`,
      ),
  },
  {
    id: 'variant-names',
    says: 'Variant names are letters, digits and inner hyphens, at most 63, and differ from each other.',
    wayOut: 'rename the variant',
    source: `${API}API_ProductionVariant.html`,
    breaches: ({ variants, shadowVariants }) => {
      const names = [...variants, ...shadowVariants].map(({ name }) => name);
      return each(names, (name, index) =>
        VARIANT_NAME.test(name) && names.indexOf(name) === index
          ? undefined
          : {
              setting: `variants.${index}.name`,
              problem: `must be a name of SageMaker's that no other variant has, got ${name}`,
            },
      );
    },
  },
  {
    id: 'variant-weights',
    says: 'Weights are 0 or more, and at least one is above 0: traffic has to go somewhere.',
    wayOut: 'give the live variant a weight',
    source: `${API}API_ProductionVariant.html`,
    breaches: ({ variants }) => {
      const wrong = each(variants, ({ weight }, index) =>
        weight >= 0 ? undefined : { setting: `variants.${index}.weight`, problem: `must be 0 or more, got ${weight}` },
      );
      if (wrong.length > 0 || variants.length === 0 || variants.some(({ weight }) => weight > 0)) return wrong;
      return [{ setting: 'variants', problem: 'must have a weight above 0 among them, got only 0' }];
    },
  },
];
