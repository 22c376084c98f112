import { join } from 'node:path';
import { Faults } from '../../../core/faults';
import type { BenchPart } from '../bench-part';
import { killBenchAws, startBenchAws } from '../measure/bench-aws';
import type { BenchPlace } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { PART_OPTIONS, type PartDefaults, parseWords, partOptionLines, partOptions } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { load } from '../server/load';
import { BenchEndpoint, TAG } from './bench-endpoint';
import { CONNECTIONS, type DataPlaneResults, dataPlaneReport, type Latency } from './data-plane-report';
import { underTraffic } from './steady-traffic';

const DEFAULTS: PartDefaults = { what: 'measurements', ids: ['latency', 'shifts'], rounds: 3 };
const SHIFTS = 50;
/** A bake of a minute takes half a second. */
const SPEED = 120;
const SECONDS = 3;
const SHIFTING_MS = 180_000;
const TRAFFIC_CONNECTIONS = 4;
const BODY = JSON.stringify({ instances: [{ distance: 1 }] });

/** The router of the local endpoints. */
export const dataPlanePart: BenchPart = {
  summary: 'what the router of local endpoints adds to a request, and the requests that 50 shifts lose',
  options: partOptionLines(DEFAULTS),
  run: dataPlaneBench,
  end: killBenchAws,
};

async function dataPlaneBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const faults = new Faults();
  const options = partOptions(parseWords('data-plane', args, PART_OPTIONS), DEFAULTS, faults);
  faults.throwIfAny('npm run bench -- data-plane');
  const { only = DEFAULTS.ids, check } = options;
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const program = join(__dirname, 'image');
  const image = { tag: TAG, program, interpreter: process.execPath, environment: {} };
  const aws = await startBenchAws(place, 'data-plane', [image], { speed: SPEED });
  try {
    const endpoint = new BenchEndpoint(aws);
    place.say('creating the endpoint');
    await endpoint.create();
    const byConnections = only.includes('latency') && !check ? await latencies(place, endpoint, options.rounds) : {};
    const wanted = check ? 1 : only.includes('shifts') ? SHIFTS : 0;
    const shifts = await shift(place, endpoint, wanted);
    if (check) {
      if (shifts.lost > 0 || shifts.answered === 0)
        throw new Error(`a shift must lose no request, got ${shifts.lost} lost of ${shifts.answered + shifts.lost}`);
      place.say('the endpoint answers, and goes from one release to the other');
      return;
    }
    const results: DataPlaneResults = { byConnections, shifts };
    publish({ place, part: 'data-plane', options, machine, report: dataPlaneReport(results), results });
  } finally {
    await aws.close();
  }
}

async function latencies(place: BenchPlace, endpoint: BenchEndpoint, rounds: number) {
  const found: Record<number, { direct: Latency[]; routed: Latency[] }> = {};
  const direct = await endpoint.server();
  for (let round = 1; round <= rounds; round += 1)
    for (const connections of CONNECTIONS) {
      place.say(`round ${round} of ${rounds}: ${connections} connection${connections === 1 ? '' : 's'}`);
      const pair = (found[connections] ??= { direct: [], routed: [] });
      for (const [which, url] of [
        ['direct', direct],
        ['routed', endpoint.url],
      ] as const) {
        const { p50, p99, failed } = await load({ url, body: BODY, connections, seconds: SECONDS });
        if (failed > 0) throw new Error(`${url}: must answer every request, got ${failed} failures; see its log`);
        pair[which].push({ p50, p99 });
      }
    }
  return found;
}

async function shift(place: BenchPlace, endpoint: BenchEndpoint, wanted: number): Promise<DataPlaneResults['shifts']> {
  if (wanted === 0) return { wanted, done: 0, answered: 0, lost: 0 };
  const deadline = Date.now() + SHIFTING_MS;
  let done = 0;
  const traffic = await underTraffic(endpoint.url, TRAFFIC_CONNECTIONS, async () => {
    while (done < wanted && Date.now() < deadline) {
      if (done % 10 === 0) place.say(`shift ${done + 1} of ${wanted}`);
      await endpoint.shift(done + 1);
      done += 1;
    }
  });
  return { wanted, done, ...traffic };
}
