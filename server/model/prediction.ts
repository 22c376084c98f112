export type OutputCells = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array | readonly string[];

/** By ONNX's names. Others can't be written as they are: what comes of a float16, say, may be its bits. */
export const OUTPUT_TYPES = ['string', 'float64', 'float32', 'int64', 'int32', 'bool'] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

/** One output of a model for some rows. */
export interface Output {
  readonly name: string;
  readonly type: OutputType;
  /** Cells a row. */
  readonly width: number;
  readonly cells: OutputCells;
}

/** What a model makes of some rows: its outputs in the graph's order. */
export interface Prediction {
  readonly rows: number;
  readonly outputs: readonly Output[];
}

/** Rows `from` to before `to`. */
export function slicePrediction({ rows, outputs }: Prediction, from: number, to: number): Prediction {
  if (from === 0 && to === rows) return { rows, outputs };
  return {
    rows: to - from,
    outputs: outputs.map((output) => ({
      ...output,
      cells: cellsBetween(output.cells, from * output.width, to * output.width),
    })),
  };
}

/** Not a copy, where there is a choice: the cells are written into an answer next. */
function cellsBetween(cells: OutputCells, from: number, to: number): OutputCells {
  return 'subarray' in cells ? cells.subarray(from, to) : cells.slice(from, to);
}

/** Predictions of one model below one another. */
export function joinPredictions(parts: readonly Prediction[]): Prediction {
  const [first, ...others] = parts as [Prediction, ...Prediction[]];
  if (others.length === 0) return first;
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    outputs: first.outputs.map((output, index) => ({
      ...output,
      cells: joinCells(parts.map(({ outputs }) => (outputs[index] as Output).cells)),
    })),
  };
}

function joinCells(parts: readonly OutputCells[]): OutputCells {
  const [first] = parts as [OutputCells];
  if (Array.isArray(first)) return (parts as string[][]).flat();
  const typed = parts as Float64Array[];
  const joined = new (first.constructor as Float64ArrayConstructor)(typed.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of typed) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
