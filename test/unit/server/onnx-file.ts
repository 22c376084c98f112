/** Writes small ONNX models by hand, so that tests can have bad ones too. See onnx.proto3 for the numbers. */

type Bytes = Uint8Array;

function varint(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

const join = (...parts: readonly Bytes[]): Bytes => Buffer.concat(parts);
const integer = (field: number, value: number) => join(varint(field * 8), varint(value));
const message = (field: number, ...parts: readonly Bytes[]) => {
  const content = join(...parts);
  return join(varint(field * 8 + 2), varint(content.length), content);
};
const text = (field: number, value: string) => message(field, Buffer.from(value));
const float = (field: number, value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return join(varint(field * 8 + 5), bytes);
};

/** TensorProto.DataType. */
export const TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9, float64: 11 } as const;
export type OnnxType = keyof typeof TYPES;

type Attribute = number | readonly string[] | readonly number[];

function attribute(name: string, value: Attribute): Bytes {
  const [kind, content] =
    typeof value === 'number'
      ? ([2, [integer(3, value)]] as const)
      : typeof value[0] === 'string'
        ? ([8, value.map((one) => text(9, String(one)))] as const)
        : ([6, value.map((one) => float(7, Number(one)))] as const);
  return message(5, text(1, name), ...content, integer(20, kind));
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface Value {
  readonly name: string;
  readonly type: OnnxType;
  /** A name stands for any number. @default ['rows', 1] */
  readonly shape?: readonly (string | number)[];
}

function valueInfo(field: number, { name, type, shape = ['rows', 1] }: Value): Bytes {
  const dimensions = shape.map((size) => message(1, typeof size === 'number' ? integer(1, size) : text(2, size)));
  return message(field, text(1, name), message(2, message(1, integer(1, TYPES[type]), message(2, ...dimensions))));
}

export interface OnnxFile {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  /** @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The bytes of a model. */
export function onnxFile({ inputs, outputs, nodes, metadata = {} }: OnnxFile): Buffer {
  const graph = [
    ...nodes.map(({ op, inputs: from, output, domain, attributes = {} }) =>
      message(
        1,
        ...from.map((name) => text(1, name)),
        text(2, output),
        text(4, op),
        ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
        ...(domain === undefined ? [] : [text(7, domain)]),
      ),
    ),
    text(2, 'test'),
    ...inputs.map((input) => valueInfo(11, input)),
    ...outputs.map((output) => valueInfo(12, output)),
  ];
  return Buffer.from(
    join(
      integer(1, 8),
      message(7, ...graph),
      message(8, text(1, ''), integer(2, 13)),
      message(8, text(1, 'ai.onnx.ml'), integer(2, 3)),
      ...Object.entries(metadata).map(([key, value]) => message(14, text(1, key), text(2, value))),
    ),
  );
}
