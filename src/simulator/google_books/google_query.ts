/** The fields of a query that are more than words. */
const FIELDS = ["intitle", "inauthor", "inpublisher", "subject", "isbn", "lccn", "oclc"] as const;

/** One condition of a Google Books query. */
export interface GoogleTerm {
  /** Null for words that may stand anywhere. */
  readonly field: (typeof FIELDS)[number] | null;
  readonly text: string;
  readonly isPhrase: boolean;
  readonly isExcluded: boolean;
}

/** A sign of exclusion, a field, and one phrase or one word: `intitle:two words` binds only the first. */
const TERM = new RegExp(`(-?)(?:(${FIELDS.join("|")}):)?(?:"([^"]*)"?|([^\\s"]+))`, "gi");

/** Reads a `q` parameter; terms without a letter or digit, which match nothing, are left out. */
export function parseGoogleQuery(q: string): GoogleTerm[] {
  return [...q.matchAll(TERM)].flatMap(([, sign, name, phrase, word]) => {
    const field = FIELDS.find((known) => known === name?.toLowerCase()) ?? null;
    const text = (phrase ?? word ?? "").trim();
    if (!/[\p{L}\p{N}]/u.test(text)) return [];
    return [{ field, text, isPhrase: phrase !== undefined, isExcluded: sign === "-" }];
  });
}
