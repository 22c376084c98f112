const END = -1;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const BIG_E = 0x45;
const SMALL_E = 0x65;
const SMALL_N = 0x6e;
const NULL = Buffer.from('null');

/** Powers of ten that a double holds exactly. */
const EXACT_TENS = Array.from({ length: 16 }, (_, power) => 10 ** power);
/** A whole number of as many digits is exact, so that dividing it by an exact power of ten rounds once, as it should. */
const EXACT_DIGITS = 15;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Reads a JSON text of a form that is known beforehand piece by piece. What isn't of that form isn't judged here: it is
 * left to JSON.parse.
 */
export class JsonScanner {
  private at = 0;

  /**
   * @param bytes of ASCII: to look at a byte takes a fraction of the time of a string's character
   * @param text the same
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly text: string,
  ) {}

  get isAtEnd(): boolean {
    this.next();
    return this.at >= this.bytes.length;
  }

  /** Whether the character comes next, leaving out space before it; it is passed then. */
  takeCode(code: number): boolean {
    if (this.bytes[this.at] !== code && this.next() !== code) return false;
    this.at += 1;
    return true;
  }

  /** The same of several. */
  take(piece: Uint8Array): boolean {
    if (this.bytes[this.at] !== piece[0]) this.next();
    const { bytes, at } = this;
    for (let index = 0; index < piece.length; index += 1) {
      if (bytes[at + index] !== piece[index]) return false;
    }
    this.at = at + piece.length;
    return true;
  }

  /** A string without escapes, null as ''; undefined for anything else. */
  word(): string | undefined {
    const first = this.next();
    if (first === SMALL_N) return this.take(NULL) ? '' : undefined;
    if (first !== QUOTE) return undefined;
    const { bytes } = this;
    const start = this.at + 1;
    let end = start;
    for (let code = bytes[end]; code !== QUOTE; code = bytes[end]) {
      if (code === undefined || code < SPACE || code === BACKSLASH) return undefined;
      end += 1;
    }
    this.at = end + 1;
    return this.text.slice(start, end);
  }

  /** A number, null as NaN; undefined for anything else. */
  number(): number | undefined {
    const first = this.next();
    if (first === SMALL_N) return this.take(NULL) ? Number.NaN : undefined;
    const { bytes } = this;
    const start = first === MINUS ? this.at + 1 : this.at;
    let end = start;
    let whole = 0;
    let code = bytes[end] ?? END;
    for (; code >= ZERO && code <= NINE; code = bytes[end] ?? END) {
      whole = whole * 10 + (code - ZERO);
      end += 1;
    }
    let digits = end - start;
    if (digits === 0 || (digits > 1 && bytes[start] === ZERO)) return undefined;
    let decimals = 0;
    if (code === DOT) {
      end += 1;
      const point = end;
      for (code = bytes[end] ?? END; code >= ZERO && code <= NINE; code = bytes[end] ?? END) {
        whole = whole * 10 + (code - ZERO);
        end += 1;
      }
      decimals = end - point;
      if (decimals === 0) return undefined;
      digits += decimals;
    }
    if (code === SMALL_E || code === BIG_E) return this.anyNumber();
    const begin = this.at;
    this.at = end;
    if (digits > EXACT_DIGITS) return Number(this.text.slice(begin, end));
    const size = whole / (EXACT_TENS[decimals] as number);
    return first === MINUS ? -size : size;
  }

  private anyNumber(): number | undefined {
    NUMBER.lastIndex = this.at;
    const [found] = NUMBER.exec(this.text) ?? [];
    if (found === undefined) return undefined;
    this.at += found.length;
    return Number(found);
  }

  /** What comes after space, not passed. */
  private next(): number {
    const { bytes } = this;
    let code = bytes[this.at] ?? END;
    if (code > SPACE) return code;
    while (code === SPACE || code === LINE_FEED || code === RETURN || code === TAB) {
      this.at += 1;
      code = bytes[this.at] ?? END;
    }
    return code;
  }
}
