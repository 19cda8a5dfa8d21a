import type { WorkKeys } from "../../database/catalogue/works.ts";
import { authorKey, authorKeys } from "../names/author_name.ts";
import { boundedKey } from "../text/bounded_key.ts";
import { foldText } from "../text/fold_text.ts";
import { titleKey } from "../names/normalise_title.ts";
import type { NamedBook } from "./same_book.ts";

/** The keys a book is stored and found under. `title` is the whole title, with its subtitle. */
export function workKeys({ title, author }: NamedBook): WorkKeys {
  return {
    title_key: titleKey(title),
    author_key: authorKey(author),
    author_keys: authorKeys(author),
    identity_key: boundedKey(`${foldText(title)} / ${foldText(author)}`),
  };
}
