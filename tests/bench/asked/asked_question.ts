import type { ResolverName } from "../../../src/domain/matching/resolver.ts";

/** A record that is made for a question and held by some providers. */
export interface MadeRecord {
  /** Names it in every run. */
  readonly id: string;
  readonly isbn13: string;
  readonly holders: readonly ResolverName[];
  readonly title: string;
  readonly subtitle: string | null;
  readonly authors: readonly string[];
  readonly publisher: string | null;
  /** YYYY or YYYY-MM. */
  readonly published: string | null;
  /** ISO 639-1. */
  readonly language: string | null;
}

/** A question that people ask, with what is right by the way it was made. */
export interface AskedQuestion {
  readonly category: string;
  readonly query: { readonly title: string; readonly author: string; readonly year: number };
  /** ISBN-13s; empty where nothing may be answered. */
  readonly right: readonly string[];
  /** The work of the data that is meant; null for one that is none of the data's. */
  readonly work: string | null;
  /** Records that look like the answer and are none. */
  readonly traps: readonly MadeRecord[];
  /** Records of the book itself, where the data has none. */
  readonly own?: readonly MadeRecord[];
  /** Whose answer comes before those of the others; in whatever order when absent. */
  readonly heard_first?: ResolverName;
}
