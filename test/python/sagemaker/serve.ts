import { startSageMaker } from '../../../local/sagemaker/server';
import { StateDirectory } from '../../../local/state-directory';

/** Starts our SageMaker for the tests beside it: `serve.ts STATE_DIRECTORY AWS_ENDPOINT`; prints its port. */
async function main([root = '', awsEndpoint = '']: readonly string[]): Promise<void> {
  const server = await startSageMaker({
    port: 0,
    state: new StateDirectory(root),
    awsEndpoint,
    account: '000000000000',
    region: 'us-east-1',
    containerEnvironment: {},
    log: (message) => process.stderr.write(`${message}\n`),
  });
  process.once('SIGTERM', () => void server.close());
  process.stdout.write(`${server.port}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
