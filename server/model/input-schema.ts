import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import { Faults } from '../../core/faults';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { CellType, Column } from './column';

/** Key in the graph's metadata under which the export leaves what an ONNX type can't say of a column. */
export const COLUMNS_KEY = 'columns';

const Described = z.array(
  z.object({
    name: z.string(),
    required: z.boolean(),
    minimum: z.number().nullish(),
    maximum: z.number().nullish(),
    categories: z.array(z.string()).nullish(),
  }),
);

const KINDS: Readonly<Record<CellType, Column['kind']>> = {
  string: 'category',
  float64: 'number',
  float32: 'number',
  int64: 'number',
  int32: 'number',
};

/**
 * The columns that a graph takes, in its order. A column that the metadata doesn't describe needs a value in every row.
 * @param file named in errors
 * @throws InvalidInputError for an input that is no column, or metadata that doesn't fit the graph
 */
export function inputSchema(
  file: string,
  inputs: readonly InferenceSession.ValueMetadata[],
  metadata: ReadonlyMap<string, string>,
): Column[] {
  const described = describedColumns(file, metadata.get(COLUMNS_KEY));
  const faults = new Faults();
  const columns = inputs.flatMap((input): Column[] => {
    const where = `${file}: input ${input.name}`;
    if (!input.isTensor || !isColumn(input.shape)) {
      const got = input.isTensor ? `the shape [${input.shape.join(', ')}]` : 'no tensor';
      faults.add(
        where,
        `must be a column of the shape [rows, 1], got ${got}`,
        'export the model with an input a column',
      );
      return [];
    }
    if (!Object.hasOwn(KINDS, input.type)) {
      faults.add(
        where,
        `must be of ${Object.keys(KINDS).join(', ')}, got ${input.type}`,
        'cast it inside of the graph',
      );
      return [];
    }
    const type = input.type as CellType;
    const { required = true, minimum, maximum, categories } = described.get(input.name) ?? {};
    if (!required && type.startsWith('int')) {
      faults.add(where, `can't lack a value, as whole numbers have no gap, got ${type}`, 'export it as float64');
    }
    return [
      {
        name: input.name,
        kind: KINDS[type],
        type,
        required,
        minimum: minimum ?? undefined,
        maximum: maximum ?? undefined,
        categories: categories ? new Set(categories) : undefined,
      },
    ];
  });
  for (const name of described.keys()) {
    if (inputs.some((input) => input.name === name)) continue;
    faults.add(
      `${file}: metadata ${COLUMNS_KEY}`,
      `describes an input that the graph lacks, got ${name}`,
      'export it again',
    );
  }
  faults.throwIfAny(file);
  return columns;
}

function describedColumns(
  file: string,
  text: string | undefined,
): ReadonlyMap<string, z.output<typeof Described>[number]> {
  if (text === undefined) return new Map();
  try {
    return new Map(Described.parse(JSON.parse(text)).map((column) => [column.name, column]));
  } catch (cause) {
    throw new InvalidInputError(
      `${file}: metadata ${COLUMNS_KEY}`,
      `must be a list of columns in JSON, got ${text.slice(0, 40)}`,
      'export the model again',
      { cause },
    );
  }
}

function isColumn(shape: readonly (number | string)[]): boolean {
  const [rows, width = 1] = shape;
  return shape.length <= 2 && typeof rows === 'string' && width === 1;
}
