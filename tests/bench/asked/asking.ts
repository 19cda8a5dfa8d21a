import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import type { AskableBook } from "./askable_books.ts";
import type { RecordMaker } from "./made_records.ts";

export interface TakeOptions {
  readonly count: number;
  readonly isMeant?: (book: AskableBook) => boolean;
}

/** What questions are made from. */
export interface Asking {
  readonly books: readonly AskableBook[];
  /**
   * So many books, drawn by `key`, that no other category asks about: what is made for one question would
   * be met by another.
   */
  take(key: string, options: TakeOptions): AskableBook[];
  readonly records: RecordMaker;
  /** Questions of a category that have an answer, where the data suffices. */
  readonly count: number;
  /** Questions of a category that have none. */
  readonly nothing_count: number;
  /** A title that no work of the data bears and none of the author's is like; the same for a key. */
  inventTitle(key: string, author: string): string;
  /** Whether a provider has any edition of a work of the data. */
  holds(name: ResolverName, workId: string): boolean;
  /** Whether some provider's record of a work of the data leaves its subtitle out. */
  isHeldBare(workId: string): boolean;
  /** Whether a record of a work of the data that need not be paid for has its series in a bracket. */
  isHeldWithSeries(workId: string): boolean;
}
