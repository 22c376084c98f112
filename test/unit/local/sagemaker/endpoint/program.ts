import { FakeService, until } from './fake-service';

/**
 * A program that serves an endpoint of two instances and begins an update that takes long; made to be killed.
 * Arguments: its folder, and `serve`, `update`, `create` or `shift`, which bakes a canary for long.
 */
async function main([directory, what]: readonly string[]): Promise<void> {
  const fake = new FakeService({}, {}, directory);
  await fake.create([{ instances: 2 }]);
  if (what === 'shift') {
    await fake.do('UpdateEndpoint', {
      EndpointConfigName: await fake.config('two'),
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
            WaitIntervalInSeconds: 600,
          },
        },
      },
    });
    await until(async () => JSON.stringify(await fake.describe()).includes('canary capacity') || undefined);
  }
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
