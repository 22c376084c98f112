const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;

/** Whether a JSON text has more than so many objects, told without making them. */
export function hasMoreObjects(text: string, most: number): boolean {
  // Nearly all texts have fewer braces than that, whether in words or not, and these are found faster.
  let found = 0;
  for (let at = text.indexOf('{'); at !== -1 && found <= most; at = text.indexOf('{', at + 1)) found += 1;
  return found > most && hasMoreOutsideOfWords(text, most);
}

function hasMoreOutsideOfWords(text: string, most: number): boolean {
  let found = 0;
  let isInWord = false;
  for (let at = 0; at < text.length && found <= most; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isInWord = !isInWord;
    else if (isInWord && code === BACKSLASH) at += 1;
    else if (!isInWord && code === OPEN) found += 1;
  }
  return found > most;
}
