import { until } from '../endpoint/fake-service';
import { AsyncService, ERROR, SUCCESS } from './async-service';

/**
 * A program that has accepted requests to an asynchronous endpoint, one of which its model works on; made to be killed.
 * Prints what it has accepted. Argument: its folder.
 */
async function main([directory]: readonly string[]): Promise<void> {
  const service = new AsyncService(directory);
  const NotificationConfig = { SuccessTopic: SUCCESS, ErrorTopic: ERROR };
  await service.create({ NotificationConfig }, {}, { MaxConcurrentInvocationsPerInstance: 1 });
  const accepted = [];
  for (const _ of [1, 2, 3]) accepted.push(await service.send({ sleep: 30 }));
  // The first one has reached the model.
  await until(() => service.values('RequestDownloadLatency').length > 0 || undefined);
  process.stdout.write(`${JSON.stringify(accepted)}\n`);
  setInterval(() => undefined, 1_000);
}

void main(process.argv.slice(2));
