import { graphOf } from '../../../../local/report/graph-of';
import { renderPage } from '../../../../local/report/page';
import { exampleSummary } from './example-summary';

const definition = {
  Steps: [
    { Name: 'Prepare', Type: 'Processing', Arguments: {} },
    { Name: 'Evaluate', Type: 'Processing', Arguments: { input: { Get: 'Steps.Prepare.Outputs' } } },
    {
      Name: 'Gate',
      Type: 'Condition',
      Arguments: {
        Conditions: [{ LeftValue: { Get: 'Steps.Evaluate.PropertyFiles.E' } }],
        IfSteps: [{ Name: 'Register', Type: 'RegisterModel', Arguments: { model: { Get: 'Steps.Prepare.Outputs' } } }],
        ElseSteps: [{ Name: 'Reject', Type: 'Fail', Arguments: {} }],
      },
    },
  ],
};

describe('the report page', () => {
  const page = renderPage(exampleSummary, graphOf(definition as never));

  test('is one file that fetches nothing and runs no script', () => {
    expect(page).not.toMatch(/<script[\s>]|<link|@import|url\((?!#)|src=/);
    expect(page).toContain('name="viewport"');
  });

  test('shows metrics with their intervals, gates with their outcome, and the release', () => {
    expect(page).toContain('0.680 to 0.720');
    expect(page).toContain('roc_auc at least 0.66');
    expect(page).toContain('not met');
    expect(page).toContain('40 of 40 answered');
    expect(page).toContain(exampleSummary.modelPackage?.arn);
  });

  test('escapes what comes from the data', () => {
    expect(page).toContain('&lt;script&gt; (397)');
  });

  test('draws every step, and pale those that did not run', () => {
    for (const name of ['Prepare', 'Evaluate', 'Gate', 'Register', 'Reject']) expect(page).toContain(`>${name}<`);
    expect(page.match(/class="pale"/g)).toHaveLength(1);
  });
});

describe('the graph of a definition', () => {
  test('follows references and branches, without arrows that others make needless', () => {
    expect(graphOf(definition as never).edges).toEqual([
      { from: 'Prepare', to: 'Evaluate' },
      { from: 'Evaluate', to: 'Gate' },
      { from: 'Gate', to: 'Register', label: 'met' },
      { from: 'Gate', to: 'Reject', label: 'not met' },
    ]);
  });
});
