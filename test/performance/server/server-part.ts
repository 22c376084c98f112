import type { BenchPart } from '../bench-part';
import type { BenchPlace } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { partOptionLines } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { benchModel } from './bench-model';
import { parseBenchOptions, serverDefaults } from './bench-options';
import { PEER_CONTESTANTS } from './python-contestants';
import { checkServers, runServers } from './run-servers';
import { killServers } from './server-process';
import { serverReport } from './server-report';
import { ECHO, NODE_ECHO, OURS } from './typescript-contestants';

const OTHERS = [ECHO, NODE_ECHO, ...PEER_CONTESTANTS];
const IDS = OTHERS.map(({ id }) => id);

/** Our model server against its peers. */
export const serverPart: BenchPart = {
  summary: 'the model server against FastAPI, Granian, Ray Serve and others, and what onnxruntime alone would take',
  options: [
    ...partOptionLines(serverDefaults(IDS)),
    ['--seconds N', 'of each measurement (2)'],
    ['--model FOLDER', 'with model/ and rows.json, instead of one that is trained for the bench'],
  ],
  run: serverBench,
  end: killServers,
};

async function serverBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const options = parseBenchOptions(args, IDS);
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const { only, rounds, seconds } = options;
  const model = await benchModel(place, options.model);
  const contestants = [OURS, ...OTHERS.filter(({ id }) => only?.includes(id) ?? true)];
  if (options.check) {
    await checkServers({ place, model, contestants });
    place.say(`all ${contestants.length} answer alike`);
    return;
  }
  const results = await runServers({ place, model, contestants, rounds, seconds });
  publish({ place, part: 'server', options, machine, report: serverReport(results), results });
}
