const COLUMNS = 80;
/** Where fewer columns are left, the text begins on a line of its own. */
const LEAST = 20;

/**
 * Breaks text into lines of at most 80 columns, between words where it can.
 * @param head begins the first line
 * @param hang begins the others
 */
export function fold(head: string, hang: string, text: string): string[] {
  const lines: string[] = [];
  let line = head;
  /** Whether the line holds some of the text. */
  let begun = false;

  function end(): void {
    lines.push(line.trimEnd());
    line = hang.length <= COLUMNS - LEAST ? hang : hang.slice(0, COLUMNS - LEAST);
    begun = false;
  }

  for (let word of text.split(' ')) {
    if (begun && line.length + 1 + word.length > COLUMNS) end();
    while (line.length + (begun ? 1 : 0) + word.length > COLUMNS) {
      const left = COLUMNS - line.length;
      if (left >= LEAST) {
        line += word.slice(0, left);
        word = word.slice(left);
      }
      end();
    }
    line += begun ? ` ${word}` : word;
    begun = true;
  }
  end();
  return lines;
}
