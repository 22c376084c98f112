import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replacePart } from '../../performance/measure/page';
import { parseBenchOptions } from '../../performance/server/bench-options';
import { packageVersions, pinned } from '../../performance/server/package-versions';
import { difference, INSTANCES, inferenceProtocol } from '../../performance/server/protocol';
import { PEER_CONTESTANTS } from '../../performance/server/python-contestants';
import { bestPeer, serverReport, sharedFloor, shareOfBare } from '../../performance/server/server-report';
import {
  type BenchResults,
  CONNECTIONS,
  ROW_COUNTS,
  type ServerResult,
  setting,
} from '../../performance/server/server-results';
import { ECHO, NODE_ECHO, OURS } from '../../performance/server/typescript-contestants';

const ROOT = resolve(__dirname, '../../..');

function server(id: string, perSecond: readonly number[], more: Partial<ServerResult> = {}): ServerResult {
  const rounds = perSecond.map(() => 1);
  const runs = { perSecond, p50: rounds, p99: rounds, failed: perSecond.map(() => 0), processorUs: rounds };
  const keys = ROW_COUNTS.flatMap((rows) => CONNECTIONS.map((connections) => setting(rows, connections)));
  return {
    id,
    title: id,
    versions: `${id} 1`,
    predicts: !id.startsWith('echo'),
    startSeconds: rounds,
    memoryMb: rounds,
    runs: Object.fromEntries(keys.map((key) => [key, runs])),
    ...more,
  };
}

function results(servers: readonly ServerResult[], loop: BenchResults['loop'] = {}): BenchResults {
  return { rounds: 1, seconds: 1, servers, loop };
}

describe('the report of the servers', () => {
  test('calls the peer with the highest median the best, and neither the echo nor our own Python server', () => {
    const servers = [server('ours', [600]), server('slow', [100]), server('fast', [300]), server('echo', [900])];
    expect(bestPeer(results([...servers, server('python', [500])]), 1)).toEqual({
      title: 'fast',
      perSecond: 300,
      ratio: { median: 2, min: 2, max: 2 },
    });
    expect(bestPeer(results([server('ours', [600]), server('echo', [900])]), 1)).toBeUndefined();
  });

  test('holds the time of a request against that of a call and an echo together', () => {
    const found = results([server('ours', [100]), server('echo', [400])], { 1: [200], 100: [200] });
    // 10 ms against 2.5 ms and 5 ms.
    expect(shareOfBare(found, 1)?.median).toBeCloseTo(10 / 7.5, 12);
    expect(shareOfBare(results([server('ours', [100])], { 1: [200] }), 1)).toBeUndefined();
  });

  test('says how near the best peer is to what one process of Node could do, and what twice of it would be', () => {
    const servers = [server('ours', [100]), server('peer', [300]), server('echo', [400]), server('echo-node', [500])];
    const found = results(servers, { 1: [100], 100: [50] });
    // 2 ms of the faster echo, and a hundredth of 20 ms.
    expect(sharedFloor(found, 1)?.median).toBeCloseTo(1000 / 2.2, 9);
    expect(sharedFloor(found, 100)?.median).toBeCloseTo(1000 / 22, 9);
    const report = serverReport(found);
    expect(report).toContain('- 1 row, 32 connections: the faster HTTP echo');
    expect(report).toContain(
      'The best peer (peer) makes 300, 0.66× of it; 2× the best peer would be 600, 1.32× of it.',
    );
    expect(sharedFloor(results([server('ours', [100]), server('peer', [300])], { 100: [50] }), 1)).toBeUndefined();
  });

  test.each([
    [600, 'is met'],
    [599, 'is missed'],
  ])('says of %p to 300 that the goal of twice as many %s', (ours, verdict) => {
    expect(serverReport(results([server('ours', [ours]), server('peer', [300])]))).toContain(`goal of 2× ${verdict}`);
  });

  test.each([
    [1 / 1.49, 'is met'],
    [1 / 1.51, 'is missed'],
  ])('says of %p of the bare rate that the goal of 1.5 times its time %s', (share, verdict) => {
    const found = results([server('ours', [100 * share]), server('echo', [200])], { 1: [200], 100: [200] });
    expect(serverReport(found)).toContain(`goal of 1.5× at most ${verdict}`);
  });

  test('has a table a setting with a row a server, and one of starts', () => {
    const report = serverReport(results([server('ours', [600, 700]), server('peer', [300, 350])]));
    expect(report.match(/^\| peer /gm)).toHaveLength(7);
    expect(report).toContain('650 (600–700)');
    expect(report).toContain('2.00×');
    expect(report).toContain('### 100 rows a request, 256 connections');
    expect(report).toMatch(/\| p99, ms \| processor, µs \| failed \|/);
  });

  test('bears a server that answered nothing, and a machine that says nothing of memory', () => {
    const report = serverReport(results([server('ours', [600]), server('dead', [0], { memoryMb: [] })]));
    expect(report).toMatch(/\| dead +\| no answer in 1 of 1 rounds \| +– \| +– \| +– \| +– \|/);
    expect(report).toMatch(/\| dead +\| +1\.00 \| +– \|/);
  });

  test('has no figure of rounds of which one went without an answer, of ours neither', () => {
    const report = serverReport(results([server('ours', [0, 600]), server('peer', [300, 300])], { 1: [9, 9] }));
    expect(report).toMatch(/\| ours +\| no answer in 1 of 2 rounds \|/);
    expect(report).toMatch(/\| peer +\| +300 \| +– \|/);
    expect(bestPeer(results([server('ours', [0]), server('peer', [300])]), 1)).toBeUndefined();
  });
});

describe('equal work', () => {
  const expected = [
    { probability: 0.25, label: 0 },
    { probability: 0.75, label: 1 },
  ];

  test.each([
    ['a row that is missing', [{ probability: 0.25, label: 0 }], 'must answer 2 rows, got 1'],
    ['another label', [expected[0], { probability: 0.75, label: 0 }], 'row 2 must be'],
    ['another probability', [{ probability: 0.2502, label: 0 }, expected[1]], 'row 1 must be'],
    ['no number', [{ probability: Number.NaN, label: 0 }, expected[1]], 'row 1 must be'],
  ])('is not %s', (_, got, message) => {
    expect(difference(expected, got as typeof expected)).toContain(message);
  });

  test('is the same label, and the same probability to 1e-4', () => {
    expect(
      difference(expected, [
        { probability: 0.25009, label: 0 },
        { probability: 0.75, label: 1 },
      ]),
    ).toBeUndefined();
  });

  test('is asked in both protocols with gaps as null', () => {
    const model = {
      base: '',
      words: new Set(['carrier']),
      rows: [
        { carrier: null, seats: 2 },
        { carrier: 'UA', seats: 3 },
      ],
    };
    expect(JSON.parse(INSTANCES.body(model, 1))).toEqual({ instances: [{ carrier: null, seats: 2 }] });
    const protocol = inferenceProtocol('m');
    expect(JSON.parse(protocol.body(model, 2))).toEqual({
      inputs: [
        { name: 'carrier', shape: [2, 1], datatype: 'BYTES', data: [null, 'UA'] },
        { name: 'seats', shape: [2, 1], datatype: 'FP64', data: [2, 3] },
      ],
    });
    const outputs = [
      { name: 'label', data: [1] },
      { name: 'probability', data: [0.75] },
    ];
    expect(protocol.read(JSON.stringify({ outputs }))).toEqual([{ probability: 0.75, label: 1 }]);
  });
});

describe('options of the bench', () => {
  const parse = (...args: string[]) => parseBenchOptions(args, ['a', 'b']);

  test('default to 3 rounds of 3 s of all servers', () => {
    expect(parse()).toEqual({ rounds: 3, seconds: 2, json: false, force: false, check: false });
    expect(parse('--only', 'a, b', '--rounds=1', '--seconds=0.1')).toMatchObject({
      only: ['a', 'b'],
      rounds: 1,
      seconds: 0.1,
    });
    expect(parse('--rounds=100', '--seconds=600')).toMatchObject({ rounds: 100, seconds: 600 });
  });

  test.each(['0', '101', '-1', '1.5', 'NaN', ''])('refuse --rounds=%s', (value) => {
    expect(() => parse(`--rounds=${value}`)).toThrow('--rounds: must be a whole number from 1 to 100');
  });

  test.each(['0', '0.09', '601', '-1', 'NaN', ''])('refuse --seconds=%s', (value) => {
    expect(() => parse(`--seconds=${value}`)).toThrow('--seconds: must be a number from 0.1 to 600');
  });

  test('name all that is wrong, and what is not known', () => {
    expect(() => parse('--rounds=0', '--only=c')).toThrow(/--rounds[\s\S]*--only: must name servers of a, b, got c/);
    expect(() => parse('--fast')).toThrow(/takes --rounds, --only, .*server --help/s);
  });
});

describe('what is measured', () => {
  test('is named once, and every package has a version in its lock file', () => {
    const all = [OURS, ECHO, NODE_ECHO, ...PEER_CONTESTANTS];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const one of all) expect(packageVersions(ROOT, one)).not.toContain('unknown');
  });

  test('is pinned with hashes', () => {
    for (const { lock } of PEER_CONTESTANTS) {
      const text = readFileSync(join(ROOT, lock?.lock ?? ''), 'utf8');
      const requirements = text.split(/\n(?=\S)/).filter((entry) => /^[\w.[\]-]+==/.test(entry));
      expect(requirements.length).toBeGreaterThan(5);
      expect(requirements.filter((entry) => !entry.includes('--hash=sha256:'))).toEqual([]);
    }
  });

  test('has its place in the page', () => {
    const page = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8');
    expect(replacePart(page, 'server', 'x')).toContain('<!-- bench server: begin -->\n\nx\n');
  });

  test('has the version of just its own package', () => {
    expect(pinned('onnx==1.2 \\\n  --hash=sha256:0\nonnxruntime==1.3 ; python_version < "4"\n')('onnxruntime')).toBe(
      '1.3',
    );
    expect(pinned('onnxruntime==1.3')('onnx')).toBe('unknown');
  });
});
