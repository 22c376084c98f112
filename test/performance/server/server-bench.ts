import { join } from 'node:path';
import { describeMachine, isBusy, thisMachine } from '../measure/machine';
import { writePart } from '../measure/page';
import { benchModel } from './bench-model';
import { parseBenchOptions } from './bench-options';
import type { BenchPlace } from './bench-place';
import { PEER_CONTESTANTS } from './python-contestants';
import { checkServers, runServers } from './run-servers';
import { serverReport } from './server-report';
import { ECHO, OURS } from './typescript-contestants';

const OTHERS = [ECHO, ...PEER_CONTESTANTS];

/**
 * Measures our model server against its peers, prints the tables, and writes them into docs/performance.md if the
 * machine was idle and nothing was left out.
 * @throws InvalidInputError for illegal options
 */
export async function serverBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const options = parseBenchOptions(
    args,
    OTHERS.map(({ id }) => id),
  );
  const machine = thisMachine();
  const busy = isBusy(machine);
  if (busy) place.say(`the load average is ${machine.load.toFixed(2)} on ${machine.cores} cores: figures mean little`);
  const { only, rounds, seconds, json, force } = options;
  const model = await benchModel(place, options.model);
  const contestants = [OURS, ...OTHERS.filter(({ id }) => only?.includes(id) ?? true)];
  if (options.check) {
    await checkServers({ place, model, contestants });
    place.say(`all ${contestants.length} answer alike`);
    return;
  }
  const results = await runServers({ place, model, contestants, rounds, seconds });
  const text = `${describeMachine(machine)}\n\n${serverReport(results)}`;
  console.log(json ? JSON.stringify({ machine, ...results }, undefined, 2) : text);
  const kept = only
    ? 'some servers were left out'
    : busy && !force
      ? 'the machine was busy: --force writes all the same'
      : undefined;
  if (kept) {
    place.say(`docs/performance.md stays as it is: ${kept}`);
    return;
  }
  writePart(join(place.root, 'docs/performance.md'), 'server', text);
  place.say('docs/performance.md is written');
}
