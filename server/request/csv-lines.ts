import { bodyFault } from './body-fault';

/**
 * The cells of each line that isn't empty, line by line: lists of all of them would take a hundred times as much memory as
 * short lines have bytes. Quoted cells may hold commas, line ends and doubled quotes.
 * @throws InvalidInputError for a quote that is never closed, or that something other than a comma follows
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function* csvLines(text: string): Generator<string[]> {
  let at = 0;
  while (at < text.length) {
    const isQuoted = text[at] === '"';
    const cells: string[] = [];
    for (;;) {
      const cell = text[at] === '"' ? quoted(text, at) : plain(text, at);
      cells.push(cell.value);
      at = cell.end;
      if (text[at] !== ',') break;
      at += 1;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    if (cells.length > 1 || cells[0] !== '' || isQuoted) yield cells;
  }
}

interface Cell {
  readonly value: string;
  /** Place of what follows. */
  readonly end: number;
}

const PLAIN = /[^,\r\n]*/y;

function plain(text: string, at: number): Cell {
  PLAIN.lastIndex = at;
  const [value = ''] = PLAIN.exec(text) ?? [];
  return { value, end: at + value.length };
}

function quoted(text: string, start: number): Cell {
  let at = start + 1;
  let value = '';
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) throw bodyFault('must be CSV, got a quote that is never closed', 'quote the cells properly');
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const next = text[quote + 1];
      if (next === undefined || next === ',' || next === '\r' || next === '\n') return { value, end: quote + 1 };
      throw bodyFault(`must be CSV, got ${JSON.stringify(next)} after a quote`, 'quote the cells properly');
    }
    value += '"';
    at = quote + 2;
  }
}
