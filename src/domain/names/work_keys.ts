import { authorKey, authorKeys } from "./author_name.ts";
import { boundedKey } from "../text/bounded_key.ts";
import { foldText } from "../text/fold_text.ts";
import { titleKey } from "../titles/parse_title.ts";
import type { BookName } from "../matching/same_book.ts";

/** What a work is found by; all but the last are shared by works that are only alike. */
export interface WorkKeys {
  readonly title_key: string;
  /** Of the first author: what a stored work is filed under. */
  readonly author_key: string;
  /** Of all authors, in every reading of the names: where the work may be filed. */
  readonly author_keys: readonly string[];
  /** Whole title and all authors, normalised: no two works have the same. */
  readonly identity_key: string;
}

/** The keys a book is stored and found under. `title` is the whole title, with its subtitle. */
export function workKeys({ title, author }: BookName): WorkKeys {
  return {
    title_key: titleKey(title),
    author_key: authorKey(author),
    author_keys: authorKeys(author),
    identity_key: boundedKey(`${foldText(title)} / ${foldText(author)}`),
  };
}
