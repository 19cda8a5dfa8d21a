import type { CallContext } from "../generation/generator.ts";
import type { PartialDate } from "../months/partial_date.ts";
import type { RESOLVER_NAMES } from "../providers/provider_names.ts";
import type { StatedSeries } from "../series/series_fields.ts";

export type ResolverName = (typeof RESOLVER_NAMES)[number];

/** What is asked of a resolver: one book a generator named. */
export interface BookQuery extends StatedSeries {
  readonly title: string;
  readonly author: string;
  /** Year and month the book is said to have been first published in. */
  readonly year: number;
  readonly month: number | null;
  /** ISO 639-1 code of the edition wanted. */
  readonly language: string;
}

export type Binding =
  | "hardcover"
  | "paperback"
  | "ebook"
  | "mass_market"
  | "large_print"
  | "library"
  | "audio"
  | "other";

/** One published form as a provider describes it. Fields a provider does not say are null. */
export interface EditionCandidate {
  /** A valid ISBN-13 of plain digits (an ISBN-10 is converted), or null when the record has none. */
  readonly isbn13: string | null;
  readonly title: string;
  readonly subtitle: string | null;
  readonly published: PartialDate | null;
  /** ISO 639-1. */
  readonly language: string | null;
  readonly binding: Binding | null;
  readonly publisher: string | null;
  readonly pages: number | null;
}

/** A work as a provider describes it, with those of its editions the answer contained. */
export interface WorkCandidate {
  readonly provider: ResolverName;
  /** The provider's own identifier of the record, so that a person can look it up. */
  readonly provider_key: string;
  readonly title: string;
  readonly subtitle: string | null;
  /** Names as given, in any order and form; empty when the record has none. */
  readonly authors: readonly string[];
  readonly first_published: PartialDate | null;
  /** Any number that orders works of one provider by how well known they are; null when unknown. */
  readonly popularity: number | null;
  readonly editions: readonly EditionCandidate[];
}

export type UnavailableReason =
  | "down"
  | "timeout"
  | "rate_limited"
  | "quota_spent"
  | "key_refused"
  | "bad_answer"
  | "rejected_request";

/** `unavailable` means "could not answer" and must never be taken for `not_found`. */
export type ResolverAnswer =
  | { readonly kind: "candidates"; readonly works: readonly WorkCandidate[] }
  | { readonly kind: "not_found" }
  | {
    readonly kind: "unavailable";
    readonly reason: UnavailableReason;
    readonly until: Date | null;
    readonly message: string;
  };

/** Contract of everything that finds ISBNs. A resolver returns candidates; it never decides. */
export interface Resolver {
  readonly name: ResolverName;
  /** Never rejects for a provider's fault; rejects only when `context.signal` is aborted. */
  find(query: BookQuery, context: CallContext): Promise<ResolverAnswer>;
}

/** Contract of a provider that can say of many ISBNs at once what books they are. */
export interface BatchChecker {
  readonly name: ResolverName;
  /** The works of those ISBNs the provider knows, or why it cannot answer. */
  checkIsbns(isbns: readonly string[], context: CallContext): Promise<ResolverAnswer>;
}
