/**
 * The fields of one row as they are written, quotes and all, so that fields put together again are the row.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvFields(row: string): string[] {
  const text = row.replace(/\r?\n$/, '');
  const fields: string[] = [];
  let start = 0;
  let quoted = false;
  for (let position = 0; position < text.length; position += 1) {
    if (text[position] === '"') quoted = !quoted;
    else if (text[position] === ',' && !quoted) {
      fields.push(text.slice(start, position));
      start = position + 1;
    }
  }
  return [...fields, text.slice(start)];
}
