import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverBundle } from '../../../constructs/serving/server-program';
import type { Contestant } from './contestant';
import { INSTANCES } from './protocol';

/** Our server as its image runs it: bundled, one process. */
export const OURS: Contestant = {
  id: 'ours',
  title: 'mlops-stack, TypeScript',
  packages: ['fastify', 'onnxruntime-node'],
  ready: '/ping',
  protocol: INSTANCES,
  predicts: true,
  launch: ({ root, model, folder, port }) => {
    const program = join(folder, 'main.cjs');
    writeFileSync(program, serverBundle());
    return {
      command: process.execPath,
      args: [program],
      environment: {
        PATH: process.env.PATH,
        NODE_PATH: join(root, 'node_modules'),
        NODE_ENV: 'production',
        SAGEMAKER_BASE_DIR: model.base,
        SAGEMAKER_BIND_TO_PORT: String(port),
        SAGEMAKER_MODEL_SERVER_WORKERS: '1',
      },
    };
  },
};

/** What HTTP alone costs: the body comes back as it went. @param program of this folder */
function echo(id: string, title: string, packages: readonly string[], program: string): Contestant {
  return {
    id,
    title,
    packages,
    ready: '/ping',
    protocol: INSTANCES,
    predicts: false,
    launch: ({ port }) => ({
      command: process.execPath,
      args: ['--import', 'tsx', join(__dirname, program), String(port)],
      environment: { PATH: process.env.PATH, NODE_ENV: 'production' },
    }),
  };
}

export const ECHO = echo('echo', 'bare Fastify echo', ['fastify'], 'echo.ts');
export const NODE_ECHO = echo('echo-node', 'bare Node echo', [], 'echo-node.ts');
