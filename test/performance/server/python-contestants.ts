import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Contestant, LaunchPlace } from './contestant';
import { INSTANCES, inferenceProtocol } from './protocol';

const PEERS = 'test/performance/server/peers';
const MODEL = 'flight-delay';

/** As the images have it: threads of one process would take the core of the load. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

function ofWorkload(id: string, title: string, server: string, packages: readonly string[]): Contestant {
  return {
    id,
    title,
    // The environments of the tests, which have the same lock files.
    lock: { name: `test-${server}`, lock: `workloads/images/${server}/requirements.lock` },
    packages: [...packages, 'scikit-learn'],
    ready: '/ping',
    protocol: INSTANCES,
    predicts: true,
    launch: (place) => ({
      command: place.python,
      args: [join(place.root, 'workloads/bin/serve')],
      environment: {
        ...shared(place),
        PYTHONPATH: join(place.root, 'workloads'),
        SAGEMAKER_PROGRAM: 'flight_delay/serve.py',
        SAGEMAKER_BIND_TO_PORT: String(place.port),
        SAGEMAKER_MODEL_SERVER_WORKERS: '1',
        MODEL_SERVER: server,
      },
    }),
  };
}

function shared({ model, python, folder }: LaunchPlace): Readonly<Record<string, string | undefined>> {
  return {
    PATH: `${dirname(python)}:${process.env.PATH}`,
    HOME: folder,
    SAGEMAKER_BASE_DIR: model.base,
    PYTHONUNBUFFERED: '1',
    ...ONE_THREAD,
  };
}

const FASTAPI_ONNX: Contestant = {
  id: 'fastapi-onnx',
  title: 'FastAPI, onnxruntime',
  lock: { name: 'bench-fastapi-onnx', lock: `${PEERS}/fastapi-onnx.lock` },
  packages: ['fastapi', 'uvicorn', 'onnxruntime'],
  ready: '/ping',
  protocol: INSTANCES,
  predicts: true,
  launch: (place) => ({
    command: join(dirname(place.python), 'uvicorn'),
    args: ['fastapi_onnx:app', '--host', '127.0.0.1', '--port', String(place.port), '--no-access-log'],
    environment: { ...shared(place), PYTHONPATH: join(place.root, PEERS) },
  }),
};

const MLSERVER: Contestant = {
  id: 'mlserver',
  title: 'MLServer, onnxruntime',
  lock: { name: 'bench-mlserver', lock: `${PEERS}/mlserver.lock` },
  packages: ['mlserver', 'onnxruntime'],
  ready: `/v2/models/${MODEL}/ready`,
  protocol: inferenceProtocol(MODEL),
  predicts: true,
  launch: (place) => {
    const settings = { name: MODEL, implementation: 'mlserver_onnx.OnnxRuntime' };
    writeFileSync(join(place.folder, 'model-settings.json'), JSON.stringify(settings));
    return {
      command: join(dirname(place.python), 'mlserver'),
      args: ['start', place.folder],
      environment: {
        ...shared(place),
        PYTHONPATH: join(place.root, PEERS),
        MLSERVER_HOST: '127.0.0.1',
        MLSERVER_HTTP_PORT: String(place.port),
        // Any that is free.
        MLSERVER_GRPC_PORT: '0',
        MLSERVER_METRICS_PORT: '0',
        MLSERVER_METRICS_DIR: place.folder,
        // 0: in the process of the server.
        MLSERVER_PARALLEL_WORKERS: '0',
        MLSERVER_DEBUG: 'false',
      },
    };
  },
};

const BENTOML: Contestant = {
  id: 'bentoml',
  title: 'BentoML, onnxruntime',
  lock: { name: 'bench-bentoml', lock: `${PEERS}/bentoml.lock` },
  packages: ['bentoml', 'onnxruntime'],
  ready: '/readyz',
  protocol: INSTANCES,
  predicts: true,
  launch: (place) => ({
    command: join(dirname(place.python), 'bentoml'),
    args: [
      'serve',
      'bento_onnx:Bento',
      '--working-dir',
      join(place.root, PEERS),
      '--host',
      '127.0.0.1',
      '--port',
      String(place.port),
    ],
    environment: {
      ...shared(place),
      PYTHONPATH: join(place.root, PEERS),
      BENTOML_HOME: join(place.folder, 'bentoml'),
      BENTOML_DO_NOT_TRACK: 'true',
    },
  }),
};

/** What is as hard to beat as Python gets: HTTP in Rust, no framework, the fastest JSON, and batches. */
const GRANIAN: Contestant = {
  id: 'granian',
  title: 'Granian and orjson, onnxruntime',
  lock: { name: 'bench-granian', lock: `${PEERS}/granian.lock` },
  packages: ['granian', 'orjson', 'onnxruntime'],
  ready: '/ping',
  protocol: INSTANCES,
  predicts: true,
  launch: (place) => ({
    command: join(dirname(place.python), 'granian'),
    args: ['granian_onnx:app', '--interface', 'rsgi', '--host', '127.0.0.1', '--port', String(place.port), '--no-ws'],
    environment: { ...shared(place), PYTHONPATH: join(place.root, PEERS) },
  }),
};

/** One of a program of its own in PEERS, over onnxruntime. @param args of Python, the program's file first */
function program(id: string, title: string, versions: readonly string[], args: (place: LaunchPlace) => string[]) {
  return {
    id,
    title: `${title}, onnxruntime`,
    lock: { name: `bench-${id}`, lock: `${PEERS}/${id}.lock` },
    packages: [...versions, 'onnxruntime'],
    protocol: INSTANCES,
    predicts: true,
    launch: (place: LaunchPlace) => ({
      command: place.python,
      args: args(place).map((arg, index) => (index === 0 ? join(place.root, PEERS, arg) : arg)),
      environment: { ...shared(place), PYTHONPATH: join(place.root, PEERS) },
    }),
  };
}

const LITSERVE: Contestant = {
  ...program('litserve', 'LitServe', ['litserve'], ({ port }) => ['lit_onnx.py', String(port)]),
  ready: '/health',
};

const ROBYN: Contestant = {
  ...program('robyn', 'Robyn and orjson', ['robyn', 'orjson'], ({ port }) => ['robyn_onnx.py', String(port)]),
  ready: '/ping',
};

const MOSEC: Contestant = {
  ...program('mosec', 'Mosec and orjson', ['mosec', 'orjson'], ({ port }) => [
    'mosec_onnx.py',
    '--address',
    '127.0.0.1',
    '--port',
    String(port),
  ]),
  ready: '/metrics',
};

const RAY_SERVE: Contestant = {
  ...program('ray-serve', 'Ray Serve', ['ray'], ({ port }) => ['ray_onnx.py', String(port)]),
  ready: '/ping',
};

/** What users would take instead, one process of the model each; some have more for HTTP. */
export const PEER_CONTESTANTS: readonly Contestant[] = [
  FASTAPI_ONNX,
  GRANIAN,
  ROBYN,
  MOSEC,
  ofWorkload('fastapi', 'FastAPI, scikit-learn', 'fastapi', ['fastapi', 'uvicorn']),
  ofWorkload('flask', 'Flask and gunicorn, scikit-learn', 'flask', ['flask', 'gunicorn']),
  ofWorkload('python', 'mlops-stack, Python', 'python', ['starlette', 'uvicorn']),
  MLSERVER,
  BENTOML,
  LITSERVE,
  RAY_SERVE,
];
