import { drawDefinition } from '../../../pipelines/draw';
import { type Condition, condition } from '../../../pipelines/sagemaker/condition';
import { fail } from '../../../pipelines/sagemaker/fail';
import { integerParameter, stringParameter } from '../../../pipelines/sagemaker/parameter';
import { join } from '../../../pipelines/sagemaker/ref';
import { define, prepare } from './smallest';

const size = integerParameter('Size', { defaultValue: 0 });

/** The lines of a pipeline with one condition. */
function drawCondition(...conditions: readonly Condition[]): string[] {
  const gate = condition('Gate', { conditions, ifSteps: [prepare('A')] });
  return drawDefinition(define([gate], [size])).split('\n');
}

describe('the drawing of a pipeline', () => {
  test('leaves the parameters out where there are none', () => {
    expect(drawDefinition(define([prepare('A')]))).toBe('Steps\n  A  Processing');
  });

  test('says the type and the default of a parameter, also of an empty or a falsy one', () => {
    const parameters = [size, stringParameter('Where', { defaultValue: '' }), stringParameter('Who')];
    expect(drawDefinition(define([prepare('A')], parameters))).toContain(
      ['Parameters', '  Size   Integer  0', '  Where  String   ""', '  Who    String   has to be given', ''].join('\n'),
    );
  });

  test('puts a step below those that it waits for, and otherwise keeps the order', () => {
    const first = prepare('First', ['data']);
    const second = prepare('Second', [], { dependsOn: [first] });
    const steps = [second, prepare('Other'), first];
    expect(drawDefinition(define(steps)).split('\n')).toEqual([
      'Steps',
      '  Other   Processing',
      '  First   Processing',
      '  Second  Processing  after First',
    ]);
  });

  test('puts a condition below what its branches wait for', () => {
    const data = prepare('Data');
    const gate = condition('Gate', {
      conditions: [{ Type: 'Equals', LeftValue: size, RightValue: 1 }],
      ifSteps: [prepare('A', [], { dependsOn: [data] })],
    });
    expect(drawDefinition(define([gate, data], [size]))).toMatch(/Data {2}.*\n {2}Gate {2}/);
  });

  test('puts a condition above what waits for it, though its branches wait for that', () => {
    const after = prepare('After', [], { dependsOn: [{ name: 'Gate' }] });
    const gate = condition('Gate', {
      conditions: [{ Type: 'Equals', LeftValue: size, RightValue: 1 }],
      ifSteps: [prepare('A', [], { dependsOn: [after] })],
    });
    expect(drawDefinition(define([after, gate], [size]))).toMatch(/ {2}Gate {2}[^]*\n {2}After {2}/);
  });

  test('names a step once that another reads of and waits for, whatever the form of the reference', () => {
    const metrics = { PropertyFileName: 'Metrics', OutputName: 'report', FilePath: 'metrics.json' };
    const evaluate = prepare('Evaluate', ['report'], { propertyFiles: [metrics] });
    const stop = fail('Stop', join(' ', 'rmse', evaluate.jsonGet<number>('Metrics', 'rmse')), {
      dependsOn: [evaluate],
    });
    expect(drawDefinition(define([stop, evaluate]))).toBe(
      [
        'Steps',
        '  Evaluate  Processing',
        '  Stop      Fail        after Evaluate',
        '  rmse {Evaluate.Metrics.rmse}',
      ].join('\n'),
    );
  });

  test('says that a branch holds nothing', () => {
    expect(drawCondition({ Type: 'Equals', LeftValue: size, RightValue: 1 }).slice(-6)).toEqual([
      '  Gate     Condition',
      '  ├─ if  Size = 1',
      '  ├─ yes',
      '  │  └─ A  Processing',
      '  └─ no',
      '     └─ nothing',
    ]);
  });

  test.each<[string, Condition]>([
    ['Size = 1', { Type: 'Equals', LeftValue: size, RightValue: 1 }],
    ['Size > 1', { Type: 'GreaterThan', LeftValue: size, RightValue: 1 }],
    ['Size ≥ 1', { Type: 'GreaterThanOrEqualTo', LeftValue: size, RightValue: 1 }],
    ['Size < 1', { Type: 'LessThan', LeftValue: size, RightValue: 1 }],
    ['Size ≤ 1', { Type: 'LessThanOrEqualTo', LeftValue: size, RightValue: 1 }],
    ['Size in (1, 2)', { Type: 'In', QueryValue: size, Values: [1, 2] }],
    ['not (true = false)', { Type: 'Not', Condition: { Type: 'Equals', LeftValue: true, RightValue: false } }],
    [
      '("a" = "{Size}-b" or Size > 1)',
      {
        Type: 'Or',
        Conditions: [
          { Type: 'Equals', LeftValue: 'a', RightValue: join('-', size, 'b') },
          { Type: 'GreaterThan', LeftValue: size, RightValue: 1 },
        ],
      },
    ],
  ])('writes a condition as %s', (written, given) => {
    expect(drawCondition(given)).toContain(`  ├─ if  ${written}`);
  });

  test('joins the conditions, as all of them have to hold', () => {
    const lines = drawCondition(
      { Type: 'GreaterThan', LeftValue: size, RightValue: 1 },
      { Type: 'LessThan', LeftValue: size, RightValue: 9 },
    );
    expect(lines).toEqual(expect.arrayContaining(['  ├─ if  Size > 1', '  │  and Size < 9']));
  });

  test('stays within 80 columns, whatever the names', () => {
    const long = prepare('L'.repeat(64));
    const other = prepare('M'.repeat(64), [], { dependsOn: [long] });
    const stop = fail('Stop', `${'word '.repeat(40)}${'x'.repeat(300)}`);
    const gate = condition('Gate', {
      conditions: [{ Type: 'Equals', LeftValue: 'z'.repeat(200), RightValue: '' }],
      ifSteps: [long, other],
      elseSteps: [stop],
    });
    const drawing = drawDefinition(define([gate]));
    for (const line of drawing.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const letters = (letter: string) => drawing.split(letter).length - 1;
    expect([letters('L'), letters('M'), letters('x'), letters('z')]).toEqual([128, 64, 300, 200]);
  });
});
