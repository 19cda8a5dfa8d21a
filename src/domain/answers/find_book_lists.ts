import { isBookLike, readBook } from "./book_items.ts";
import type { FoundJson } from "./find_json.ts";

/** Items that a text holds together; which of them are books is for their reader to say. */
export interface ItemList {
  readonly items: readonly unknown[];
  /** Its name says that it is the list asked for, so that nothing in it means that there is nothing. */
  readonly isNamed: boolean;
  /** A book by itself, of which nothing says that it was meant as a list. */
  readonly isLoneBook: boolean;
}

/** The name we ask for, and those models give the list when nothing holds them to it. */
const LIST_NAMES = ["books", "results", "items", "book_list"];

/** How deep a list may lie in an answer; `{"result": {"data": {"books": […]}}}` is three deep. */
const MAX_DEPTH = 5;

/**
 * The lists in a text, in its order. Lists with nothing between them are one, and so are books that
 * stand by themselves, one a line.
 */
export function findItemLists(found: readonly FoundJson[]): readonly ItemList[] {
  const lists: (ItemList & { readonly items: unknown[]; readonly isOfSingles: boolean })[] = [];
  for (const { value, isAdjacent, isPart } of found) {
    const list = listIn(value);
    if (list === null && !isBookLike(value)) continue;
    const isOfSingles = list === null;
    const { items, isNamed } = list ?? { items: [value], isNamed: false };
    const last = lists.at(-1);
    if (last?.isOfSingles === isOfSingles && (isOfSingles || isAdjacent)) {
      last.items.push(...items);
      lists[lists.length - 1] = { ...last, isNamed: isNamed || last.isNamed, isLoneBook: false };
    } else {lists.push({
        items: [...items],
        isNamed,
        isOfSingles,
        isLoneBook: isOfSingles && !isPart,
      });}
  }
  return lists;
}

type FoundList = Pick<ItemList, "items" | "isNamed">;

function listIn(value: unknown, depth = 0): FoundList | null {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) {
    const within = listWithin(value, depth);
    if (!value.some(isBookLike)) return within ?? { items: value, isNamed: false };
    // A list among the books of another begins anew: that one was left unfinished.
    return within?.isNamed ? within : { items: value.flatMap(withoutBrackets), isNamed: false };
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of LIST_NAMES) {
    const items = itemsOf(fields.get(name));
    if (items === null) continue;
    // An error beside an empty list explains why the list is empty.
    if (items.length === 0 && refusalIn(value) !== null) return null;
    return { items: listIn(items, depth)?.items ?? items, isNamed: true };
  }
  if (!isBookLike(value)) return listWithin([...fields.values()], depth);
  // Within something else a book is wrapped, as `{"book": {…}}`.
  return depth === 0 ? null : { items: [value], isNamed: false };
}

function withoutBrackets(item: unknown): readonly unknown[] {
  return Array.isArray(item) && item.some(isBookLike) ? item : [item];
}

/** Books by number or key, instead of one after the other, are a list as well. */
function itemsOf(field: unknown): readonly unknown[] | null {
  if (Array.isArray(field)) return field;
  if (typeof field !== "object" || field === null) return null;
  const items = Object.values(field);
  return items.some(isBookLike) ? items : null;
}

/** What the lists among the values hold: those that have the name of ours, else those with books. */
function listWithin(values: readonly unknown[], depth: number): FoundList | null {
  const lists = values.map((value) => listIn(value, depth + 1)).filter((list) => list !== null);
  const isNamed = lists.some((list) => list.isNamed);
  const chosen = lists.filter(({ items, isNamed: hasName }) =>
    isNamed ? hasName : items.some((item) => readBook(item) !== null)
  );
  return chosen.length === 0 ? null : { items: chosen.flatMap(({ items }) => items), isNamed };
}

/** How deep a reason may lie in errors; real ones are one deep. */
const MAX_REFUSAL_DEPTH = 4;

/** Why a model names no books, in its words, where it says so in JSON; null when it does not. */
export function refusalIn(value: unknown, depth = 0): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  if (depth > MAX_REFUSAL_DEPTH) return "an error without a reason";
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of ["error", "refusal", "message", "reason"]) {
    const said = fields.get(name);
    if (typeof said === "string" && said.trim() !== "") return said;
    if (name === "error" && typeof said === "object" && said !== null) {
      return refusalIn(said, depth + 1) ?? JSON.stringify(said);
    }
  }
  return null;
}
