import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { InvalidInputError } from '../../core/invalid-input-error';
import { emptyTable, type Table } from '../rows/table';
import type { Column } from './column';
import { inputSchema } from './input-schema';
import { promisedSha256 } from './model-card';
import { onnxMetadata } from './onnx-metadata';
import { OUTPUT_TYPES, type OutputCells, type OutputType, type Prediction } from './prediction';

export interface OutputSchema {
  readonly name: string;
  readonly type: OutputType;
  readonly width: number;
}

/** Something that predicts tables. */
export interface Model {
  readonly sha256: string;
  readonly columns: readonly Column[];
  readonly outputs: readonly OutputSchema[];
  predict(table: Table): Promise<Prediction>;
}

const FIX = 'export the model again, or unpack the right model.tar.gz';

/**
 * Loads `model.onnx` of a folder if it is the very file that is expected.
 * @param sha256 in hex. @default what `model.json` says
 * @throws InvalidInputError if a file is missing, is another one, or can't be run
 */
export async function loadOnnxModel(directory: string, sha256?: string): Promise<Model> {
  const file = join(directory, 'model.onnx');
  const expected = sha256 ?? (await promisedSha256(directory));
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new InvalidInputError(
      file,
      `can't be read, got ${(cause as NodeJS.ErrnoException).code ?? 'an error'}`,
      FIX,
      {
        cause,
      },
    );
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== expected) throw new InvalidInputError(file, `must have the SHA-256 ${expected}, got ${found}`, FIX);
  const session = await createSession(file, bytes);
  const columns = inputSchema(file, session.inputMetadata, onnxMetadata(bytes));
  return new OnnxModel(found, columns, outputSchema(file, session), session);
}

async function createSession(file: string, bytes: Buffer): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      // A process a core: threads of one process would only wait for those of the others.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (cause) {
    // A damaged file, an operator or an opset that this runtime lacks: it says which.
    const got = (cause as Error).message.replaceAll(/\s+/g, ' ').slice(0, 300);
    throw new InvalidInputError(file, `can't be run by onnxruntime, got ${got}`, FIX, { cause });
  }
}

function outputSchema(file: string, session: InferenceSession): OutputSchema[] {
  return session.outputMetadata.map((output) => {
    const [rows, width = 1] = output.isTensor ? output.shape : [];
    if (!output.isTensor || output.shape.length > 2 || typeof rows !== 'string' || typeof width !== 'number') {
      throw new InvalidInputError(
        `${file}: output ${output.name}`,
        `must be of the shape [rows, N], got ${output.isTensor ? `[${output.shape.join(', ')}]` : 'no tensor'}`,
        'export the model without maps and sequences',
      );
    }
    const type = OUTPUT_TYPES.find((one) => one === output.type);
    if (type === undefined) {
      throw new InvalidInputError(
        `${file}: output ${output.name}`,
        `must be of ${OUTPUT_TYPES.join(', ')}, got ${output.type}`,
        'cast it inside of the graph',
      );
    }
    return { name: output.name, type, width };
  });
}

class OnnxModel implements Model {
  constructor(
    readonly sha256: string,
    readonly columns: readonly Column[],
    readonly outputs: readonly OutputSchema[],
    private readonly session: InferenceSession,
  ) {}

  async predict(table: Table): Promise<Prediction> {
    const feeds: Record<string, Tensor> = {};
    this.columns.forEach(({ name, type }, index) => {
      feeds[name] = new Tensor(type as 'float64', table.columns[index] as Float64Array, [table.rows, 1]);
    });
    const results = await this.session.run(feeds);
    const outputs = this.outputs.map((output) => {
      const { data, dims } = results[output.name] as Tensor;
      // The graph only names its dimensions: the distinct values of a column look the same on paper.
      if (data.length !== table.rows * output.width) {
        throw new RangeError(
          `output ${output.name} must be [${table.rows}, ${output.width}], got [${dims.join(', ')}]`,
        );
      }
      return { ...output, cells: data as OutputCells };
    });
    return { rows: table.rows, outputs };
  }
}

/** A row of gaps: what a model must be able to predict for a server to start with it. */
export function gapRow(columns: readonly Column[]): Table {
  return emptyTable(columns, 1);
}
