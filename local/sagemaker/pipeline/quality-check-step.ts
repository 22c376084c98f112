import type { Json, JsonObject } from '../../../core/json';
import { text } from '../job/text';
import { unsupported } from '../job/unsupported';
import { invoke, outputUris, runJob } from './job-step';
import { StepError } from './step-error';
import type { StepAttempt, StepResult, StepRunner } from './step-runner';

const FILES = { Statistics: 'statistics.json', Constraints: 'constraints.json' } as const;
const VIOLATIONS = 'constraint_violations.json';
const PARTS = ['Statistics', 'Constraints'] as const;
/** The member of DriftCheckBaselines and ModelMetrics that belongs to a check. */
const BASELINE: Readonly<Record<string, string>> = { DATA_QUALITY: 'ModelDataQuality', MODEL_QUALITY: 'ModelQuality' };

type Baseline = Partial<Record<(typeof PARTS)[number], string>>;

/**
 * Runs the image of the check as a processing job, hands it the baseline that it is to compare with, and judges the
 * violations that it reports. The image has to keep to the contract of Model Monitor's containers: it writes
 * `statistics.json`, `constraints.json` and, if it compared, `constraint_violations.json` to its first output.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-quality-clarify-baseline-lifecycle.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-contract-inputs.html
 */
export const qualityCheckStep: StepRunner = {
  // SageMaker's key has QualityCheckConfig and CheckJobConfig, of which a definition holds these members.
  cacheKey: [
    'Arguments.AppSpecification',
    'Arguments.Environment',
    'Arguments.ProcessingInputs',
    'CheckType',
    'SkipCheck',
    'RegisterNewBaseline',
    'ModelPackageGroupName',
    'SuppliedBaselineConstraints',
    'SuppliedBaselineStatistics',
  ],
  outputs: outputUris,
  unsupported: ({ Arguments }, where) => unsupported('ProcessingJob', Arguments, where),
  async run(attempt): Promise<StepResult> {
    const { step, resolve, started, context } = attempt;
    const setting = async (name: string, absent: Json) => resolve(step[name] ?? absent);
    const request = (await resolve(step.Arguments)) as JsonObject;
    const checkType = text(step.CheckType);
    const skipCheck = (await setting('SkipCheck', false)) === true;
    const registerNew = (await setting('RegisterNewBaseline', false)) === true;
    const group = text(await setting('ModelPackageGroupName', ''));
    const previous = await previousBaseline(attempt, checkType, group);
    const lacking = PARTS.filter((part) => previous[part] === undefined);
    if (lacking.length > 0 && !(skipCheck && registerNew))
      throw new StepError(
        `ClientError: there is no earlier baseline (${lacking.join(', ')}), got SkipCheck ${skipCheck} and RegisterNewBaseline ${registerNew}; set both to true in the first execution`,
      );
    const compare = skipCheck ? {} : previous;
    let arn = '';
    const record = await runJob(attempt, 'ProcessingJob', withBaseline(request, compare), (jobArn) => {
      arn = jobArn;
      started({ QualityCheck: { CheckJobArn: jobArn, CheckType: checkType } });
    });
    const [output = ''] = outputUris(record).map((uri) => uri.replace(/\/+$/, ''));
    const calculated: Baseline = {
      Statistics: `${output}/${FILES.Statistics}`,
      Constraints: `${output}/${FILES.Constraints}`,
    };
    const used = registerNew ? calculated : previous;
    const properties = {
      ...named('CalculatedBaseline', calculated),
      ...named('BaselineUsedForDriftCheck', used),
    };
    const details: JsonObject = {
      CheckType: checkType,
      CheckJobArn: arn,
      SkipCheck: skipCheck,
      RegisterNewBaseline: registerNew,
      ...properties,
      ...(group !== '' && { ModelPackageGroupName: group }),
      ...(!skipCheck && { ViolationReport: `${output}/${VIOLATIONS}` }),
    };
    started({ QualityCheck: details });
    const failOnViolation = (await setting('FailOnViolation', true)) !== false;
    if (!skipCheck && failOnViolation) await judge(context.storage, `${output}/${VIOLATIONS}`);
    return { properties: { ...record, ...properties } };
  },
};

/** What the step supplies, else what came with the newest approved package of the group. */
async function previousBaseline(
  { step, resolve, call }: StepAttempt,
  checkType: string,
  group: string,
): Promise<Baseline> {
  const supplied: Baseline = {};
  for (const part of PARTS) {
    const value = step[`SuppliedBaseline${part}`];
    if (value !== undefined) supplied[part] = text(await resolve(value));
  }
  if (group === '' || PARTS.every((part) => supplied[part] !== undefined)) return supplied;
  const { ModelPackageSummaryList = [] } = await call('ListModelPackages', {
    ModelPackageGroupName: group,
    ModelApprovalStatus: 'Approved',
    SortBy: 'CreationTime',
    SortOrder: 'Descending',
    MaxResults: 1,
  }).catch((): JsonObject => ({}));
  const [newest] = ModelPackageSummaryList as readonly JsonObject[];
  if (!newest) return supplied;
  const { DriftCheckBaselines } = await invoke(call, 'DescribeModelPackage', {
    ModelPackageName: text(newest.ModelPackageArn),
  });
  const registered = (DriftCheckBaselines as JsonObject | undefined)?.[BASELINE[checkType] ?? ''] as
    | JsonObject
    | undefined;
  const fromRegistry = PARTS.flatMap((part) => {
    const uri = text((registered?.[part] as JsonObject | undefined)?.S3Uri);
    return uri === '' ? [] : [[part, uri]];
  });
  return { ...(Object.fromEntries(fromRegistry) as Baseline), ...supplied };
}

function withBaseline(request: JsonObject, baseline: Baseline): JsonObject {
  const folder = (part: string) => `/opt/ml/processing/baseline/${part.toLowerCase()}`;
  const parts = PARTS.filter((part) => baseline[part] !== undefined);
  return {
    ...request,
    ProcessingInputs: [
      ...((request.ProcessingInputs ?? []) as readonly JsonObject[]),
      ...parts.map((part) => ({
        InputName: `baseline_${part.toLowerCase()}`,
        S3Input: { S3Uri: baseline[part], LocalPath: folder(part), S3DataType: 'S3Prefix', S3InputMode: 'File' },
      })),
    ],
    Environment: {
      ...(request.Environment as JsonObject | undefined),
      ...Object.fromEntries(
        parts.map((part) => [
          `baseline_${part.toLowerCase()}`,
          `${folder(part)}/${text(baseline[part]).split('/').at(-1)}`,
        ]),
      ),
    },
  };
}

async function judge(storage: StepAttempt['context']['storage'], report: string): Promise<void> {
  const [written] = await storage.list(report);
  if (!written) return;
  const { violations = [] } = JSON.parse((await storage.read(report)).toString('utf8')) as {
    violations?: readonly JsonObject[];
  };
  if (violations.length === 0) return;
  const shown = violations
    .slice(0, 3)
    .map((one) => `${text(one.feature_name)}: ${text(one.constraint_check_type)} ${text(one.description)}`.trim());
  throw new StepError(
    `ClientError: ${violations.length} constraints are violated (${shown.join('; ')}); see ${report}`,
  );
}

function named(prefix: string, baseline: Baseline): JsonObject {
  return Object.fromEntries(PARTS.map((part) => [`${prefix}${part}`, baseline[part]]));
}
