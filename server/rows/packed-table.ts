import type { Column } from '../model/column';
import type { Cells, Table } from './table';

/** Where a column's cells are. */
export interface Place {
  readonly isWord: boolean;
  /** Among the columns of its kind. */
  readonly at: number;
}

/** Of columns of words and of doubles, in their order. */
export function placesOf(columns: readonly Column[]): readonly Place[] {
  let words = 0;
  let numbers = 0;
  return columns.map(({ type }) => {
    const isWord = type === 'string';
    return { isWord, at: isWord ? words++ : numbers++ };
  });
}

/** From so many rows on `set` is done before a loop is. */
const SET_ROWS = 32;

/**
 * Rows whose words are in one list and whose numbers in another, a column behind the other. A request of a row has twenty
 * columns, and a list for each would take longer to make than the row to read.
 */
export class PackedTable implements Table {
  private lists: readonly Cells[] | undefined;

  /** @param room rows that a column has room for; those behind `rows` mean nothing */
  constructor(
    readonly rows: number,
    readonly room: number,
    readonly places: readonly Place[],
    readonly words: readonly string[],
    readonly numbers: Float64Array,
  ) {}

  get columns(): readonly Cells[] {
    const { rows, room, words, numbers } = this;
    this.lists ??= this.places.map(({ isWord, at }) =>
      isWord ? words.slice(at * room, at * room + rows) : numbers.subarray(at * room, at * room + rows),
    );
    return this.lists;
  }

  /** Copies rows `from` to before `to` of a column. @param at of the first in the target */
  copy(column: number, from: number, to: number, target: Cells, at: number): void {
    const { isWord, at: place } = this.places[column] as Place;
    const shift = place * this.room;
    if (isWord) {
      for (let row = from; row < to; row += 1)
        (target as string[])[at + row - from] = this.words[shift + row] as string;
    } else if (to - from < SET_ROWS) {
      for (let row = from; row < to; row += 1)
        (target as Float64Array)[at + row - from] = this.numbers[shift + row] as number;
    } else (target as Float64Array).set(this.numbers.subarray(shift + from, shift + to), at);
  }
}
