import type { SimulatedEdition, SimulatedWork } from "./catalogue.ts";
import { withCheckDigit } from "./isbn_forms.ts";
import { stableChoice, stableHash, stableShare } from "../faults/random.ts";

/**
 * Shares (0–1) of the works in English that came out in another language under the same title. Of 15
 * recorded volumes of Google Books 3 were in another language, of 10 recorded editions of one work in Open
 * Library 4, but most of such have a title of their own, which the data does not know.
 */
const SHARES = { notable: 0.25, others: 0.04 } as const;

interface Market {
  readonly language: string;
  /** Registration group of its ISBNs. */
  readonly group: string;
  readonly publishers: readonly [string, ...string[]];
}

const MARKETS: readonly [Market, ...Market[]] = [
  { language: "de", group: "3", publishers: ["Hafen Verlag", "Lindenhof"] },
  { language: "fr", group: "2", publishers: ["Éditions de la Rive", "Le Vieux Port"] },
  { language: "es", group: "84", publishers: ["Ediciones del Puerto", "Ribera"] },
  { language: "it", group: "88", publishers: ["Porto Editore", "Riva"] },
  { language: "nl", group: "90", publishers: ["De Haven", "Oever"] },
];

/**
 * The edition of a work in another language under its title, the same in every run; null for most works
 * and for those that are not known in English alone. `taken` are ISBN-13s of others.
 */
export function translationOf(
  work: SimulatedWork,
  { year, taken }: { year: number; taken: { has(isbn13: string): boolean } },
): SimulatedEdition | null {
  const { id, title, authors, notability, editions } = work;
  const share = notability === null ? SHARES.others : SHARES.notable;
  const isEnglish = editions.every(({ language }) => language === "en");
  const isNumbered = /\d/.test(title);
  if (!isEnglish || isNumbered || authors.length === 0) return null;
  if (stableShare(`translated:${id}`) >= share) return null;
  const { language, group, publishers } = stableChoice(`market:${id}`, MARKETS);
  const isbn13 = freeIsbn(group, { id, taken });
  return {
    isbn13,
    rawTitle: title,
    title,
    subtitle: null,
    authors,
    publisher: stableChoice(`publisher:${id}`, publishers),
    published: year < 1000 ? null : String(year + stableHash(`years to translate:${id}`) % 4),
    pages: null,
    language,
    format: stableChoice(`binding of translation:${id}`, ["Paperback", "Hardcover"]),
  };
}

function freeIsbn(
  group: string,
  { id, taken }: { id: string; taken: { has(isbn13: string): boolean } },
): string {
  for (let attempt = 0;; attempt++) {
    const digits = String(stableHash(`translation:${id}:${attempt}`)).padStart(10, "0").slice(-9);
    const isbn13 = withCheckDigit(`978${group}${digits}`.slice(0, 12));
    if (!taken.has(isbn13)) return isbn13;
  }
}
