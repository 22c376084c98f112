import { createInterface } from 'node:readline';
import { InvalidInputError } from '../core/invalid-input-error';
import { askEndpoint } from '../local/traffic/ask-endpoint';
import { generateTraffic } from '../local/traffic/generate-traffic';
import { TrafficPlan } from '../local/traffic/traffic-plan';
import type { Surroundings } from './output';

/**
 * Sends the requests that the first line of the standard input plans, until that ends: whoever started this process
 * can't leave it behind.
 */
export async function sendTraffic(
  { out, onInterrupt }: Surroundings,
  standardInput: NodeJS.ReadableStream,
): Promise<void> {
  const stop = new AbortController();
  const lines = createInterface(standardInput);
  // A Ctrl-C reaches the whole group of processes: whoever started us decides when we end.
  onInterrupt(() => new Promise((resolve) => lines.once('close', resolve)));
  const plan = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => {
      stop.abort();
      reject(new InvalidInputError('standard input', 'must hold a plan, got nothing', 'run npx mlops local release'));
    });
  });
  const { perSecond, ...rest } = TrafficPlan.parse(JSON.parse(plan));
  await generateTraffic({
    perSecond,
    ask: askEndpoint({ perSecond, ...rest }),
    report: (totals) => out.line(JSON.stringify(totals)),
    signal: stop.signal,
  });
}
