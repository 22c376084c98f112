import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differences, type Template } from '../../performance/synth/assembly';
import { growth, synthReport } from '../../performance/synth/synth-report';
import { roundsOf, SIZES, type SizeResult, type SynthRuns } from '../../performance/synth/synth-results';

const runs = (cpuSeconds: number, memoryMb = 100): SynthRuns => [{ wallSeconds: cpuSeconds, cpuSeconds, memoryMb }];

/** A size at which both apps take the same. */
function size(models: number, cpuSeconds: number, { ours = 1, memoryMb = 100 } = {}): SizeResult {
  const both = { ours: runs(cpuSeconds * ours, memoryMb), bare: runs(cpuSeconds) };
  return { models, stacks: 4, resources: 2000, validated: both, unvalidated: both };
}

describe('the report of the synthesis', () => {
  test.each([
    [1.15, 'is met'],
    [1.16, 'is missed'],
  ])('says of %p times the bare app that the goal %s', (ours, verdict) => {
    expect(synthReport({ rounds: 1, sizes: [size(1, 10, { ours })] })).toContain(`goal of 1.15× at most ${verdict}`);
  });

  test.each([
    [1023, 'is met'],
    [1024, 'is missed'],
  ])('says of %p MB that the goal %s', (memoryMb, verdict) => {
    expect(synthReport({ rounds: 1, sizes: [size(100, 10, { memoryMb })] })).toContain(`1,024 MB ${verdict}`);
  });

  test('holds what a model more costs among many against what it costs among few', () => {
    expect(growth([size(1, 2), size(10, 11), size(100, 101)], 'validated')).toBeCloseTo(1, 12);
    expect(growth([size(100, 281), size(1, 2), size(10, 11)], 'unvalidated')).toBeCloseTo(3, 12);
    expect(growth([size(1, 2), size(10, 11)], 'validated')).toBeUndefined();
    const report = synthReport({ rounds: 1, sizes: [size(1, 2), size(10, 11), size(100, 281)] });
    expect(report).toContain('goal of linear growth (1.25 at most) is missed');
  });

  test('has a row a size, with the validation of templates and without', () => {
    const report = synthReport({ rounds: 1, sizes: SIZES.map((models) => size(models, models)) });
    expect(report.match(/^\| 10 +\|/gm)).toHaveLength(2);
    expect(report).toContain('2,000');
  });

  test.each([
    [1, 3, 3],
    [10, 5, 5],
    [100, 3, 1],
    [100, 1, 1],
    [100, 9, 3],
  ])('of %p models and %p rounds has %p', (models, rounds, expected) => {
    expect(roundsOf(models, rounds)).toBe(expected);
  });
});

describe('two assemblies', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'assemblies-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const template = (more: Partial<Template> = {}): Template => ({
    Parameters: { BootstrapVersion: { Type: 'String' } },
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { A: 1, B: [{ Ref: 'X' }] } } },
    ...more,
  });

  /** Of the stage `dev` with a stack a template. */
  function assembly(name: string, templates: Readonly<Record<string, Template>>): string {
    const folder = join(root, name, 'assembly-dev');
    mkdirSync(folder, { recursive: true });
    const artifacts = Object.fromEntries(
      Object.keys(templates).map((id) => [
        id,
        {
          type: 'aws:cloudformation:stack',
          environment: 'aws://111111111111/eu-west-1',
          displayName: `dev/${id} (dev-${id})`,
          properties: { templateFile: `${id}.json`, stackName: `dev-${id}` },
        },
      ]),
    );
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
    for (const [id, text] of Object.entries(templates)) writeFileSync(join(folder, `${id}.json`), JSON.stringify(text));
    return join(root, name);
  }

  test('are the same whatever the order of keys, the metadata, and the parameter of the bootstrap', () => {
    const reordered = template({
      Parameters: {},
      Resources: { Topic: { Properties: { B: [{ Ref: 'X' }], A: 1 }, Type: 'AWS::SNS::Topic', Metadata: { a: 1 } } },
    });
    expect(differences(assembly('ours', { Data: template() }), assembly('bare', { Data: reordered }))).toEqual([]);
  });

  test.each<[string, Partial<Template>]>([
    ['property', { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { A: 2, B: [{ Ref: 'X' }] } } } }],
    ['logical id', { Resources: { Other: { Type: 'AWS::SNS::Topic', Properties: { A: 1, B: [{ Ref: 'X' }] } } } }],
    ['condition', { Conditions: { HasModel: true } }],
    ['output', { Outputs: { Name: { Value: 1 } } }],
    ['parameter', { Parameters: { Released: { Type: 'String' } } }],
  ])('differ by a %s', (_, more) => {
    const found = differences(assembly('ours', { Data: template() }), assembly('bare', { Data: template(more) }));
    expect(found).toEqual(['dev/Data']);
  });

  test('differ by a stack, on either side', () => {
    const one = assembly('one', { Data: template() });
    const two = assembly('two', { Data: template(), Network: template() });
    expect(differences(one, two)).toEqual(['dev: the number of stacks']);
    expect(differences(two, one)).toEqual(['dev/Network', 'dev: the number of stacks']);
  });
});
