import { escapeLucene } from "../escape_lucene.ts";
import { type SearchTerms, searchWords } from "../search_terms.ts";

/** One search, and what to make of its place among the others. */
export interface PlannedSearch {
  readonly q: string;
  /** Whether it asks for the title, rather than for the author's books. */
  readonly isTitleSearch: boolean;
  /** Only worth sending while nothing at all was found. */
  readonly isLastResort: boolean;
}

/**
 * The searches worth sending for a book, in their order: the title as a phrase on an edition of the
 * year, its words on any edition, everything of the author, and the title alone, since an author nobody
 * has heard of may be misspelt.
 *
 * All of them go through `q`, in which `title` means every title a work or an edition of it ever bore;
 * the parameter `title` means the work's own only, and would miss a translation. `author` means the name on
 * the work, in `q` as well, so that pen names and other scripts are asked for beside it. Source: Open
 * Library's `WorkSearchScheme` (`field_name_map`, `build_q_from_params`).
 */
export function plannedSearches(
  { titles, author, surname }: SearchTerms,
  year: number,
): readonly PlannedSearch[] {
  const words = titles.map((title) => searchWords(title).join(" ")).filter((text) => text !== "");
  const phrases = words.map((text) => `"${escapeLucene(text)}"`);
  const exact = phrases.length > 1 ? `(${phrases.join(" OR ")})` : phrases.join("");
  const all = titles.map(allOf).filter((text) => text !== "").map((text) => `title:(${text})`);
  const loose = all.length > 1 ? `(${all.join(" OR ")})` : all.join("");
  const ofSurname = authorClause(surname);
  const byAuthor = authorClause(author);
  const titled = (parts: readonly (string | null)[], isLastResort = false): PlannedSearch => (
    { q: joined(parts), isTitleSearch: true, isLastResort }
  );
  return [
    // A title of signs alone holds no word to look for.
    ...(exact === "" ? [] : [
      titled([`title:${exact}`, ofSurname, `publish_year:${year}`]),
      titled([loose, ofSurname]),
    ]),
    ...(byAuthor === null ? [] : [{ q: byAuthor, isTitleSearch: false, isLastResort: false }]),
    ...(exact === "" || ofSurname === null ? [] : [titled([loose], true)]),
  ];
}

function authorClause(name: string): string | null {
  const words = allOf(name);
  return words === "" ? null : `(author_name:(${words}) OR author_alternative_name:(${words}))`;
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(" AND ");
}

/**
 * The words of a text, all of which are wanted, in lower case, in which "or" and "not" are words. What
 * stands between words is left out rather than escaped: Open Library itself puts a backslash before
 * `/`, `?` and `~`, which would undo ours, and a `!`, `&`, `|` or `*` reaches Solr as an operator.
 */
function allOf(text: string): string {
  return searchWords(text).map((word) => escapeLucene(word.toLowerCase())).join(" ");
}
