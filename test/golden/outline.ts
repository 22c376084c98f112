const COLUMNS = 130;

/** JSON to be read: by indentation, without closing brackets; whatever fits on a line stands on one. */
export function outline(value: unknown): string {
  return linesOf('', value, '').join('\n');
}

/** @param name stands before the value, on the first line */
function linesOf(name: string, value: unknown, indent: string): string[] {
  const line = indent + name + oneLine(value);
  if (line.length <= COLUMNS || typeof value !== 'object' || value === null) return [line];
  const entries = Object.entries(value);
  const [only] = entries;
  if (!Array.isArray(value) && entries.length === 1 && only)
    return linesOf(`${name.replace(/: $/, '.')}${only[0]}: `, only[1], indent);
  const head = name === '' ? [] : [(indent + name).trimEnd()];
  const inner = name === '' ? indent : `${indent}  `;
  if (!Array.isArray(value)) return [...head, ...entries.flatMap(([key, member]) => linesOf(`${key}: `, member, inner))];
  return [...head, ...value.flatMap((item) => itemLines(item, inner))];
}

function itemLines(item: unknown, indent: string): string[] {
  const [first = '', ...others] = linesOf('', item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...others];
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${key}: ${oneLine(member)}`);
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}
