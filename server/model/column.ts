/** How an input's cells lie in memory, by ONNX's names. */
export type CellType = 'string' | 'float64' | 'float32' | 'int64' | 'int32';

/** One input of a model: a column of a table. */
export interface Column {
  readonly name: string;
  readonly kind: 'number' | 'category';
  readonly type: CellType;
  /** A row without a value is refused; otherwise the model takes the gap as such. */
  readonly required: boolean;
  /** Bounds of a number, inclusive. @default - open */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Words that the model knows. @default - not told */
  readonly categories?: ReadonlySet<string>;
}

/** The bounds in words. */
export function boundsOf({ minimum, maximum }: Column): string {
  const low = minimum === undefined ? '' : ` from ${minimum}`;
  const high = maximum === undefined ? '' : ` to ${maximum}`;
  return `${low}${high}`;
}
