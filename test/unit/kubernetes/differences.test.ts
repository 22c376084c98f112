import { barePods } from '../../kubernetes/manifests/bare-pods';
import { differences } from '../../kubernetes/manifests/differences';

describe('differences', () => {
  test('are none where the server only added', () => {
    expect(differences({ a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }], status: {} })).toEqual([]);
  });

  test.each([
    [{ a: { b: 1 } }, { a: {} }, ['a.b: sent 1, got undefined']],
    [{ a: { b: {} } }, { a: {} }, ['a.b: sent an object, got undefined']],
    [{ a: [1, 2] }, { a: [1] }, ['a: sent 2 entries, got 1']],
    [{ a: [{ b: 'x' }] }, { a: [{ b: 'y' }] }, ['a[0].b: sent "x", got "y"']],
    [{ a: [] }, {}, ['a: sent a list, got undefined']],
    [{ a: false }, {}, ['a: sent false, got undefined']],
    [{ a: 0 }, { a: '0' }, ['a: sent 0, got "0"']],
    [{ a: 'true' }, { a: true }, ['a: sent "true", got true']],
  ])('of %j read back as %j are told', (sent, got, expected) => {
    expect(differences(sent, got)).toEqual(expected);
  });

  test.each([
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    ['0.1', '100m'],
    ['1500M', '1.5G'],
  ])('are none between the quantities %s and %s', (sent, got) => {
    expect(differences({ sent }, { sent: got })).toEqual([]);
  });

  test.each([
    ['1000m', '2'],
    ['1Gi', '1G'],
    ['1h', '60m'],
    ['v1', 'v1.0'],
  ])('are some between %s and %s', (sent, got) => {
    expect(differences({ sent }, { sent: got })).toHaveLength(1);
  });
});

describe('bare pods', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'server' }] } };

  test('are those of a template, wherever it is', () => {
    const object = { apiVersion: 'batch/v1', kind: 'CronJob', spec: { jobTemplate: { spec: { template } } } };
    expect(barePods({ ...object, metadata: { namespace: 'dev' } })).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { labels: { a: 'b' }, name: 'bare-0', namespace: 'dev' },
        spec: template.spec,
      },
    ]);
  });

  test('are none of an object without pods', () => {
    expect(barePods({ apiVersion: 'v1', kind: 'Service' })).toEqual([]);
  });
});
