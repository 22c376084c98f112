import { Faults } from '../core/faults';
import { EnvironmentReader } from './environment-reader';
import { type AnswerType, CSV, JSON_LINES, JSON_TYPE } from './media-types';

export const MEGABYTE = 1024 * 1024;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What the environment says about the model server, by the names and defaults that SageMaker gives them. */
export interface Settings {
  /** Every interface, by IPv6 too where there is any, as in a container; the loopback where SAGEMAKER_BASE_DIR says that there is none. */
  readonly host: string;
  readonly port: number;
  /** Of the Open Inference Protocol over gRPC. @default - off */
  readonly grpcPort?: number;
  /** Folder with `model.onnx` and `model.json`. */
  readonly modelDirectory: string;
  /** The model's name in the Open Inference Protocol. @default 'model' */
  readonly modelName: string;
  /** SHA-256 of `model.onnx` in hex. @default - what `model.json` says */
  readonly modelSha256?: string;
  /** Processes. @default - one a core in a container, otherwise 1 */
  readonly workers: number;
  /** Bytes of a request's body. @default 6 MB */
  readonly largestBody: number;
  /** The type of answers to requests that leave it open. @default - the request's */
  readonly accept?: AnswerType;
  /** For how long requests that are under way may still take once the server is asked to stop. @default 25 */
  readonly drainSeconds: number;
  /** Time that a client has to send its request. @default 60, as SageMaker cuts it off then */
  readonly requestSeconds: number;
  /** Requests of a process that may be under way at once. @default 1024 */
  readonly mostRequests: number;
  /** Megabytes of memory of all processes together, at 85 % of which only one at a time is let in. @default - no such limit */
  readonly memoryMb?: number;
  /** Rows that are predicted in one go. @default 1024 */
  readonly batchRows: number;
  /** How long a request waits for others to be predicted together with. @default 0: what is there already, at once */
  readonly batchWaitMs: number;
  /** Whether a word that the model never saw is answered by a 400 or counted and predicted. @default 'accept' */
  readonly unknownCategories: 'accept' | 'refuse';
  /** @default 'info': starts, stops and what failed; with 'debug' every request */
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

export interface Machine {
  readonly cores: number;
  /** Of the container, in bytes; undefined where nothing limits it. */
  readonly memoryBytes?: number;
  /** Whether `::` can be listened on, which takes IPv4 as well. @default false */
  readonly hasIpv6?: boolean;
}

/** @throws InvalidInputError that names every variable with an illegal value */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>, machine: Machine): Settings {
  const faults = new Faults();
  const reader = new EnvironmentReader(environment, faults);
  const choice = <const T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const given = reader.text(name);
    const found = choices.find((one) => one === given);
    if (given !== undefined && found === undefined) {
      faults.add(
        `environment ${name}`,
        `must be ${choices.join(' or ')}, got ${given}`,
        'set one of them or leave it out',
      );
    }
    return found;
  };
  const base = reader.text('SAGEMAKER_BASE_DIR');
  const everyInterface = machine.hasIpv6 === true ? '::' : '0.0.0.0';
  const modelName = reader.text('MODEL_SERVER_MODEL_NAME') ?? 'model';
  if (!/^[\w.-]{1,100}$/.test(modelName)) {
    faults.add(
      'environment MODEL_SERVER_MODEL_NAME',
      `must be letters, digits and . _ - only, got ${modelName}`,
      'correct it',
    );
  }
  const ofContainer = machine.memoryBytes === undefined ? 0 : Math.floor(machine.memoryBytes / MEGABYTE);
  const memoryMb = reader.whole('MODEL_SERVER_MEMORY_MB', [0, 100_000_000], ofContainer);
  const grpcPort = reader.whole('MODEL_SERVER_GRPC_PORT', [0, 65_535], 0);
  const settings: Settings = {
    host: reader.text('MODEL_SERVER_HOST') ?? (base === undefined ? everyInterface : '127.0.0.1'),
    port: reader.whole('SAGEMAKER_BIND_TO_PORT', [1, 65_535], 8080),
    grpcPort: grpcPort === 0 ? undefined : grpcPort,
    modelDirectory: reader.modelDirectory,
    modelName,
    modelSha256: reader.modelSha256,
    workers: reader.whole('SAGEMAKER_MODEL_SERVER_WORKERS', [1, 256], base === undefined ? machine.cores : 1),
    largestBody: reader.whole('SAGEMAKER_MAX_PAYLOAD_IN_MB', [1, 100], 6) * MEGABYTE,
    accept: choice('SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT', [CSV, JSON_TYPE, JSON_LINES]),
    drainSeconds: reader.whole('MODEL_SERVER_DRAIN_SECONDS', [1, 3600], 25),
    requestSeconds: reader.whole('MODEL_SERVER_REQUEST_SECONDS', [1, 3600], 60),
    mostRequests: reader.whole('MODEL_SERVER_MOST_REQUESTS', [1, 1_000_000], 1024),
    memoryMb: memoryMb === 0 ? undefined : memoryMb,
    batchRows: reader.whole('MODEL_SERVER_BATCH_ROWS', [1, 1_000_000], 1024),
    batchWaitMs: reader.whole('MODEL_SERVER_BATCH_WAIT_MS', [0, 1000], 0),
    unknownCategories: choice('MODEL_SERVER_UNKNOWN_CATEGORIES', ['accept', 'refuse']) ?? 'accept',
    logLevel: choice('MODEL_SERVER_LOG_LEVEL', LOG_LEVELS) ?? 'info',
  };
  faults.throwIfAny('environment');
  return settings;
}
