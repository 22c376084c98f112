import type { JsonObject } from '../../../../../core/json';
import { IMAGE, PipelineFixture } from './pipeline-fixture';
import { createPipeline, definition, run, type Step, shell, tell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const MODEL_DATA = 's3://bucket/models/model.tar.gz';

function register(DriftCheckBaselines: JsonObject): Step {
  return {
    Name: 'Register',
    Type: 'RegisterModel',
    Arguments: {
      ModelPackageGroupName: 'group',
      ModelApprovalStatus: 'Approved',
      InferenceSpecification: {
        Containers: [{ Image: IMAGE, ModelDataUrl: MODEL_DATA }],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
      },
      DriftCheckBaselines,
    },
  };
}

/** Fails with the baseline's constraints that the check says it used. */
const usedConstraints = () =>
  tell(
    'Tell',
    { 'Std:Join': { On: '', Values: [{ Get: 'Steps.Check.BaselineUsedForDriftCheckConstraints' }] } },
    { DependsOn: ['Check'] },
  );

describe('a quality check', () => {
  /** Calculates a baseline, and compares with the one that it is given: more rows are a violation. */
  const CHECK = `rows=$ROWS
echo "{\\"rows\\":$rows}" > $o/statistics.json; echo "{\\"most\\":$rows}" > $o/constraints.json
if [ -n "$baseline_constraints" ]; then
  most=$(sed 's/[^0-9]//g' $baseline_constraints)
  [ $rows -le $most ] && found= || found='{"feature_name":"rows","constraint_check_type":"too_many","description":"grew"}'
  echo "{\\"violations\\":[$found]}" > $o/constraint_violations.json
fi`;
  const check = (rows: number, more: JsonObject = {}) =>
    shell('Check', '. ./check.sh', {
      Type: 'QualityCheck',
      CheckType: 'DATA_QUALITY',
      ...more,
      Arguments: { Environment: { ROWS: String(rows) } },
    });
  const first = { SkipCheck: true, RegisterNewBaseline: true };
  const supplied = {
    SuppliedBaselineStatistics: 's3://bucket/base/statistics.json',
    SuppliedBaselineConstraints: 's3://bucket/base/constraints.json',
  };

  beforeEach(async () => {
    local.program('check.sh', CHECK);
    await local.put('s3://bucket/base/statistics.json', '{}');
    await local.put('s3://bucket/base/constraints.json', '{"most":5}');
  });

  test('calculates a baseline where there is none yet, if it is told to', async () => {
    const { reason, steps } = await run(local, definition([check(9, first), usedConstraints()]));
    expect(reason).toContain('Tell: s3://bucket/Check/constraints.json');
    expect(steps[0]?.Metadata).toEqual({
      QualityCheck: {
        CheckType: 'DATA_QUALITY',
        CheckJobArn: expect.stringContaining('processing-job/'),
        SkipCheck: true,
        RegisterNewBaseline: true,
        CalculatedBaselineStatistics: 's3://bucket/Check/statistics.json',
        CalculatedBaselineConstraints: 's3://bucket/Check/constraints.json',
        BaselineUsedForDriftCheckStatistics: 's3://bucket/Check/statistics.json',
        BaselineUsedForDriftCheckConstraints: 's3://bucket/Check/constraints.json',
      },
    });
  });

  test('fails without a baseline to compare with', async () => {
    expect((await run(local, definition([check(1)]))).reason).toContain(
      'ClientError: there is no earlier baseline (Statistics, Constraints), got SkipCheck false and RegisterNewBaseline false',
    );
  });

  test('succeeds within the baseline that it is given, and keeps to it', async () => {
    const { reason, statuses } = await run(local, definition([check(5, supplied), usedConstraints()]));
    expect(statuses).toEqual({ Check: 'Succeeded', Tell: 'Failed' });
    expect(reason).toContain('Tell: s3://bucket/base/constraints.json');
  });

  test('fails beyond it, and says by what', async () => {
    const { reason } = await run(local, definition([check(6, supplied)]));
    expect(reason).toContain(
      'Check: ClientError: 1 constraints are violated (rows: too_many grew); see s3://bucket/Check/constraint_violations.json',
    );
  });

  test.each([
    ['violations are let pass', { FailOnViolation: false }],
    ['the comparison is skipped', { SkipCheck: true }],
  ])('succeeds beyond it if %s', async (_, more) => {
    expect((await run(local, definition([check(6, { ...supplied, ...more })]))).status).toBe('Succeeded');
  });

  test('compares with the newest approved package of its group', async () => {
    const baseline = (uri: string) => ({ ContentType: 'application/json', S3Uri: uri });
    const registered = register({
      ModelDataQuality: {
        Statistics: baseline(supplied.SuppliedBaselineStatistics),
        Constraints: baseline(supplied.SuppliedBaselineConstraints),
      },
    });
    await local.put(MODEL_DATA, '');
    await createPipeline(local, definition([registered]), { PipelineName: 'register' });
    await run(local, undefined, { PipelineName: 'register' });
    const { reason } = await run(local, definition([check(6, { ModelPackageGroupName: 'group' })]));
    expect(reason).toContain('1 constraints are violated');
  });
});
