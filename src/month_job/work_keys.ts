import type { WorkKeys } from "../database/works.ts";
import { authorKey, authorKeys } from "../domain/author_name.ts";
import { boundedKey } from "../domain/bounded_key.ts";
import { foldText } from "../domain/fold_text.ts";
import { titleKey } from "../domain/normalise_title.ts";
import type { NamedBook } from "../domain/same_book.ts";

/** The keys a book is stored and found under. `title` is the whole title, with its subtitle. */
export function workKeys({ title, author }: NamedBook): WorkKeys {
  return {
    title_key: titleKey(title),
    author_key: authorKey(author),
    author_keys: authorKeys(author),
    identity_key: boundedKey(`${foldText(title)} / ${foldText(author)}`),
  };
}
