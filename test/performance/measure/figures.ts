import type { Summary } from './sample';

/** Three significant digits, thousands with a comma. */
export function figure(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Median, and the spread where there is one: `1,234 (1,100–1,300)`. */
export function spread({ median, min, max }: Summary): string {
  return min === max ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)})`;
}

/** `2.31× (2.10–2.50)`. */
export function times({ median, min, max }: Summary, digits = 2): string {
  const text = (value: number) => value.toFixed(digits);
  return min === max ? `${text(median)}×` : `${text(median)}× (${text(min)}–${text(max)})`;
}

/** A table of Markdown, the first column to the left and figures to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
