import { protobufFields } from './protobuf-fields';

/**
 * The `metadata_props` of a serialised ONNX model, which onnxruntime-node doesn't hand out.
 * @returns empty if the bytes are no protocol buffer: what is wrong with them the runtime says better
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 ModelProto and StringStringEntryProto
 */
export function onnxMetadata(model: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { number, bytes } of protobufFields(model)) {
    if (number !== METADATA_PROPS) continue;
    const entry = [...protobufFields(bytes)];
    const text = (field: number) => Buffer.from(entry.find((one) => one.number === field)?.bytes ?? []).toString();
    found.set(text(KEY), text(VALUE));
  }
  return found;
}

const METADATA_PROPS = 14;
const KEY = 1;
const VALUE = 2;
