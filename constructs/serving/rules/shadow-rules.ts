import { isInf1 } from './deployment-rules';
import { isServerless } from './serverless-rules';
import { API, DEVELOPER_GUIDE, each, type ServiceRule, unlessWhole, when } from './service-rule';

const EXCLUSIONS = `${DEVELOPER_GUIDE}shadow-tests-exclusions.html`;
const LONGEST_DAYS = 30;
const DAY_MS = 86_400_000;

/** What a shadow variant goes with. */
export const SHADOW_RULES: readonly ServiceRule[] = [
  {
    id: 'shadow-one-and-one',
    says: 'An endpoint with a shadow has exactly one production variant and one shadow variant.',
    wayOut: 'shadow one candidate at a time, and split no live traffic meanwhile',
    source: `${API}API_CreateEndpointConfig.html`,
    breaches: ({ variants, shadowVariants }) =>
      when(
        shadowVariants.length > 0 && (variants.length !== 1 || shadowVariants.length !== 1),
        'shadowVariants',
        `must be one beside one production variant, got ${shadowVariants.length} beside ${variants.length}`,
      ),
  },
  {
    id: 'shadow-sample',
    says: 'The shadow variant gets a copy of 1 to 100 percent of the requests.',
    wayOut: 'give a percentage, or leave the shadow out',
    source: `${API}API_ShadowModelVariantConfig.html`,
    breaches: ({ samplePercent }) =>
      samplePercent === undefined ? [] : unlessWhole('samplePercent', samplePercent, [1, 100]),
  },
  {
    id: 'shadow-not-serverless',
    says: 'A serverless endpoint has no shadow.',
    wayOut: 'use instances while you compare',
    source: EXCLUSIONS,
    breaches: (settings) =>
      when(
        settings.shadowVariants.length > 0 &&
          (isServerless(settings) || settings.shadowVariants.some(({ serverless }) => serverless)),
        'shadowVariants',
        'must be left out for serverless, got one',
      ),
  },
  {
    id: 'shadow-not-asynchronous',
    says: 'An asynchronous endpoint has no shadow.',
    wayOut: 'send the same requests to a second endpoint, or compare by batch transform',
    source: EXCLUSIONS,
    breaches: ({ shadowVariants, asynchronous }) =>
      when(
        shadowVariants.length > 0 && asynchronous !== undefined,
        'shadowVariants',
        'must be left out for an asynchronous endpoint, got one',
      ),
  },
  {
    id: 'shadow-not-on-inf1',
    says: 'An endpoint on Inf1 instances has no shadow.',
    wayOut: 'use another instance type, such as ml.inf2, while you compare',
    source: EXCLUSIONS,
    breaches: ({ variants, shadowVariants }) =>
      shadowVariants.length === 0
        ? []
        : each([...variants, ...shadowVariants], ({ instanceType = '' }) =>
            isInf1(instanceType)
              ? { setting: 'instanceType', problem: `must not be Inf1 beside a shadow, got ${instanceType}` }
              : undefined,
          ),
  },
  {
    id: 'shadow-one-container',
    says: 'A shadow compares single containers: no inference pipeline, no multi-model container.',
    wayOut: 'put the steps into one container',
    source: EXCLUSIONS,
    breaches: ({ shadowVariants, containers, multiModel }) =>
      when(
        shadowVariants.length > 0 && (containers > 1 || multiModel),
        'model',
        `must be one container of one model beside a shadow, got ${multiModel ? 'a multi-model container' : `${containers} containers`}`,
      ),
  },
  {
    id: 'shadow-no-marketplace',
    says: 'A model of AWS Marketplace has no shadow.',
    wayOut: 'compare by batch transform',
    source: EXCLUSIONS,
    breaches: ({ shadowVariants, marketplace }) =>
      when(
        shadowVariants.length > 0 && marketplace,
        'model',
        'must be your own beside a shadow, got one of AWS Marketplace',
      ),
  },
  {
    id: 'experiment-duration',
    says: 'An inference experiment ends after it starts, and within 30 days.',
    wayOut: 'choose other times, or leave the experiment out for a shadow that stays',
    source: `${DEVELOPER_GUIDE}shadow-tests-create.html`,
    breaches: ({ experiment }) => {
      if (!experiment) return [];
      const days = (Date.parse(experiment.endsAt) - Date.parse(experiment.startsAt)) / DAY_MS;
      return when(
        !(days > 0 && days <= LONGEST_DAYS),
        'experiment.endsAt',
        `must be at most ${LONGEST_DAYS} days after startsAt, got ${days}`,
      );
    },
  },
];
