import { FakeService } from './fake-service';

/**
 * A program that serves an endpoint of two instances and begins an update that takes long; made to be killed.
 * Arguments: its folder, and `update` or `serve`.
 */
async function main([directory, what]: readonly string[]): Promise<void> {
  const fake = new FakeService({}, {}, directory);
  await fake.create([{ instances: 2 }]);
  if (what === 'update')
    await fake.do('UpdateEndpoint', {
      EndpointConfigName: await fake.config('two', [{ behaviour: { startSeconds: 60 }, healthTimeoutSeconds: 60 }]),
    });
  if (what === 'create')
    await fake.do('CreateEndpoint', {
      EndpointName: 'second',
      EndpointConfigName: await fake.config('two', [{ behaviour: { startSeconds: 60 }, healthTimeoutSeconds: 60 }]),
    });
  process.stdout.write('ready\n');
  setInterval(() => undefined, 1_000);
}

void main(process.argv.slice(2));
