import { AwsSolutionsChecks } from 'cdk-nag';
import { app } from '../unit/constructs/smallest';
import { MODES, servingStage } from '../unit/lib/serving-modes';

/** With an experiment, which the smallest shadow does without. */
const experiment = { startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-03-08T00:00:00Z' };

describe('cdk-nag AwsSolutions', () => {
  test('has nothing to say about any serving mode', () => {
    const root = app();
    const stage = servingStage(root, {
      shadow: { serving: { mode: 'shadow', experiment } },
      batch: { serving: { mode: 'batch', schedule: 'rate(1 day)' } },
    });
    root.synth();
    const stacks = stage.node.children.filter(({ node }) => node.id.startsWith('Serving-'));
    expect(stacks).toHaveLength(MODES.length);
    const found = stacks.flatMap((stack) =>
      new AwsSolutionsChecks(stack)
        .validateScope(stack)
        .violations.flatMap(({ ruleName, violatingResources }) =>
          violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
        ),
    );
    expect(found).toEqual([]);
  });
});
