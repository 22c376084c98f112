import { type AnswerType, CSV, JSON_LINES } from '../media-types';
import type { Output, OutputType, Prediction } from '../model/prediction';

/**
 * CSV: the cells of the model's first output, a line a row. JSON: `{"predictions": [{"probability": …, "label": …}, …]}`
 * with a member an output; JSON lines: such an object a line.
 */
export function writeAnswer(prediction: Prediction, type: AnswerType): string {
  const { rows, outputs } = prediction;
  const [first] = outputs;
  let text = '';
  if (type === CSV) {
    for (let row = 0; row < rows; row += 1) text += first ? `${cellsOf(first, row).map(csvCell).join(',')}\n` : '\n';
    return text;
  }
  const names = outputs.map(({ name }) => `${JSON.stringify(name)}:`);
  for (let row = 0; row < rows; row += 1) {
    text += row === 0 ? '{' : type === JSON_LINES ? '\n{' : ',{';
    for (let index = 0; index < outputs.length; index += 1) {
      if (index > 0) text += ',';
      text += (names[index] as string) + jsonValue(outputs[index] as Output, row);
    }
    text += '}';
  }
  return type === JSON_LINES ? `${text}\n` : `{"predictions":[${text}]}`;
}

/** A number, string or list as JSON; what JSON lacks is null. */
function jsonValue(output: Output, row: number): string {
  const { cells, type, width } = output;
  if (width === 1) return jsonCell(cells[row], type);
  return `[${cellsOf(output, row)
    .map((cell) => jsonCell(cell, type))
    .join(',')}]`;
}

type Cell = number | bigint | string | undefined;

function cellsOf({ cells, width }: Output, row: number): Cell[] {
  return width === 1
    ? [cells[row]]
    : Array.from<Cell>((cells as readonly Cell[]).slice(row * width, (row + 1) * width));
}

/** As JSON; a number that JSON lacks is null, and what is true or false lies in memory as 1 or 0. */
export function jsonCell(cell: Cell, type: OutputType): string {
  if (type === 'bool') return String(cell === 1);
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : 'null';
  if (typeof cell === 'bigint') return wholeText(cell);
  return typeof cell === 'string' ? JSON.stringify(cell) : String(cell ?? null);
}

/** A label is 0 or 1, of which the text is known; to write any whole number of 64 bits takes ten times as long. */
function wholeText(cell: bigint): string {
  const number = Number(cell);
  return Number.isSafeInteger(number) ? String(number) : String(cell);
}

function csvCell(cell: Cell): string {
  return typeof cell === 'string' && /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : String(cell ?? '');
}
