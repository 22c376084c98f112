import { InvalidInputError } from '../../core/invalid-input-error';
import type { BenchPart } from './bench-part';

/** What was asked for on the command line. */
export interface BenchWords {
  readonly help: boolean;
  readonly parts: readonly string[];
  /** Options of the parts. */
  readonly args: readonly string[];
}

const HELP = ['--help', '-h'];
/** Every part takes them, so that they may stand without one. */
const OF_ALL = ['--check', '--force'];

/**
 * @param known names of all parts
 * @throws InvalidInputError for a part that there isn't, and for an option of one part where all are to run
 */
export function parseBenchWords(words: readonly string[], known: readonly string[]): BenchWords {
  const [first] = words;
  const named = first !== undefined && !first.startsWith('-');
  if (named && !known.includes(first)) {
    throw new InvalidInputError(
      'npm run bench',
      `no such part, got ${first}`,
      `choose from ${known.join(', ')}, or name none to run them all`,
    );
  }
  const rest = named ? words.slice(1) : words;
  const help = rest.some((word) => HELP.includes(word));
  const strange = named || help ? [] : rest.filter((word) => !OF_ALL.includes(word));
  if (strange.length > 0) {
    throw new InvalidInputError(
      'npm run bench',
      `takes ${OF_ALL.join(' and ')} where no part is named, got ${strange.join(' ')}`,
      `name the part: npm run bench -- ${known[0] ?? ''} ${strange.join(' ')}`,
    );
  }
  return { help, parts: named ? [first] : known, args: rest.filter((word) => !HELP.includes(word)) };
}

/** The whole of `npm run bench -- --help`, or of one part's. */
export function benchHelp(parts: Readonly<Record<string, BenchPart>>): string {
  const names = Object.keys(parts);
  const [only] = names;
  const usage =
    names.length === 1 && only !== undefined
      ? `npm run bench -- ${only} [options]`
      : 'npm run bench [-- PART [options]]\n\nWithout a part all run, one after the other, and take --check and --force only.';
  const sections = Object.entries(parts).map(([name, { summary, options }]) => {
    const width = Math.max(...options.map(([option]) => option.length));
    return [`${name}: ${summary}`, ...options.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}`)].join(
      '\n',
    );
  });
  return [usage, ...sections].join('\n\n');
}
