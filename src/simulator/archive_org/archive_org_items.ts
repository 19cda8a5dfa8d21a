import type { Catalogue, SimulatedEdition, SimulatedWork } from "../books/catalogue.ts";
import { surnameFirst } from "../books/imperfections.ts";
import { listedIsbns } from "../books/isbn_forms.ts";
import { marcLanguage, type OpenLibraryKeys } from "../open_library/open_library_keys.ts";
import { stableChoice, stableHash, stableShare } from "../faults/random.ts";

/** A value of an item's metadata: the archive keeps one of several as a list and one alone either way. */
export type ArchiveValue = string | number | readonly string[];

/** One scanned copy of an edition. */
export interface ArchiveItem {
  readonly identifier: string;
  /** Fields the item does not have are missing. */
  readonly metadata: Readonly<Record<string, ArchiveValue>>;
  /** Taken from public view after it was indexed: found, but without metadata when it is read. */
  readonly isDark: boolean;
}

interface Copy {
  readonly work: SimulatedWork;
  readonly edition: SimulatedEdition;
  /** Tells the copies of one edition apart; its chances are drawn by it. */
  readonly key: string;
}

/** Chance (0–1) of an edition's second and third copy, of a stray ISBN and of an item gone dark. */
const SHARES = { secondCopy: 0.2, thirdCopy: 0.05, strayIsbn: 0.06, dark: 0.005 } as const;

function titleOf({ work, edition, key }: Copy): string {
  const { title, subtitle } = edition;
  // Cataloguers set the parts off by ISBD's " : " and " / ".
  const whole = subtitle === null ? title : `${title} : ${lowerFirst(subtitle)}`;
  const statesAuthor = stableShare(`statement:${key}`) < 0.15 && work.authors.length > 0;
  return statesAuthor ? `${whole} / ${work.authors.join(", ")}` : whole;
}

/** Cataloguers write subtitles small, but for abbreviations. */
function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}|^\p{Lu}\s/u.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text;
}

/** The year in a heading is noise of the right shape: the data knows nobody's dates of life. */
function headingOf(name: string): string {
  const heading = surnameFirst(name);
  const year = 1930 + stableHash(`born:${name}`) % 55;
  return stableChoice(`heading:${name}`, [
    heading,
    `${heading}, ${year}-`,
    `${heading}, author`,
    `${heading}, ${year}- author`,
  ]);
}

/** What librarians write behind the ISBN of a form (MARC 020 $q); null where the form is not known. */
function qualifierOf(format: string | null): string | null {
  switch (format) {
    case "Audio":
    case "Audiobook":
    case "Audio CD":
      return " (sound recording)";
    case "Digital":
      return " (electronic bk.)";
    case "Hardback":
    case "Hardcover":
      return " (hbk.)";
    case "Paperback":
      return " (pbk.)";
    case "Physical":
    case null:
      return null;
    default:
      return ` (${format.toLowerCase()})`;
  }
}

/** The ISBNs a scanner's operator read off the book, in any order and with what stood beside them. */
function isbnsOf({ work, edition, key }: Copy, { hasStrays }: { hasStrays: boolean }): string[] {
  const { isbn13, isbn10 } = listedIsbns(edition);
  const own = [isbn13, isbn10].filter((isbn) => isbn !== null);
  const ordered = stableShare(`order:${key}`) < 0.5 ? own : own.toReversed();
  const qualifier = qualifierOf(edition.format) ??
    stableChoice(`qualifier:${key}`, ["", "", "", "", " (pbk.)", " (hbk.)"]);
  const read = ordered.map((isbn, position) => position === 0 ? isbn + qualifier : isbn);
  const stray = work.editions.find((other) => other.isbn13 !== edition.isbn13)?.isbn13;
  const isStrayRead = hasStrays && read.length > 0 && stray !== undefined &&
    stableShare(`stray:${key}`) < SHARES.strayIsbn;
  return [...read, ...(isStrayRead ? [stray] : []), ...(edition.strayIsbn13s ?? [])];
}

function publisherOf({ edition: { publisher }, key }: Copy): string | null {
  if (publisher === null) return null;
  // "S.l." is what cataloguers put where no place of publication is known.
  return stableShare(`place:${key}`) < 0.4 ? `[S.l.] : ${publisher}` : publisher;
}

function languageOf({ edition: { language }, key }: Copy): string | null {
  const code = marcLanguage(language);
  return code === "eng" ? stableChoice(`language:${key}`, ["eng", "eng", "eng", "English"]) : code;
}

/** One value alone stays alone for most fields of most items, and stands in a list for the others. */
function shaped(values: readonly string[], key: string): ArchiveValue | null {
  const [only] = values;
  if (only === undefined) return null;
  return values.length === 1 && stableShare(`shape:${key}`) < 0.75 ? only : values;
}

function describeCopy(
  copy: Copy,
  { keys, isRealistic }: { keys: OpenLibraryKeys; isRealistic: boolean },
): Record<string, ArchiveValue> {
  const { work, edition, key } = copy;
  const title = titleOf(copy);
  const isbns = isbnsOf(copy, { hasStrays: isRealistic });
  const year = edition.published === null ? null : edition.published.slice(0, 4);
  const linksOpenLibrary = stableShare(`link:${key}`) < 0.6;
  const hasUrn = stableShare(`urn:${key}`) < 0.5;
  const list = (name: string, values: readonly (string | null | undefined)[]) =>
    shaped(values.filter((value) => value !== null && value !== undefined), `${name}:${key}`);
  const titles = stableShare(`titles:${key}`) < 0.05 ? [title, edition.title] : [title];
  const fields: Record<string, ArchiveValue | null> = {
    title: list("title", [...new Set(titles)]),
    creator: list("creator", edition.authors.map(headingOf)),
    isbn: list("isbn", isbns),
    // Whatever the book says, the archive keeps a moment: the first of January of its year.
    date: year === null ? null : `${year}-01-01T00:00:00Z`,
    // A number until the archive changed its search engine, and a text since.
    year,
    publisher: list("publisher", [publisherOf(copy)]),
    language: list("language", [languageOf(copy)]),
    mediatype: "texts",
    collection: ["internetarchivebooks", "inlibrary", "printdisabled"],
    downloads: Math.round((work.notability ?? 0) / 50) + stableHash(`downloads:${key}`) % 90,
    imagecount: edition.pages === null ? null : edition.pages + 12,
    openlibrary_work: linksOpenLibrary ? keys.works.get(work.id) ?? null : null,
    openlibrary_edition: linksOpenLibrary ? keys.editions.get(edition.isbn13) ?? null : null,
    "related-external-id": hasUrn && isbns.length > 0
      ? isbns.map((isbn) => `urn:isbn:${isbn.replace(/[^\dX]/g, "")}`)
      : null,
  };
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, ArchiveValue] => entry[1] !== null),
  );
}

/** `saltledger0000quil`: letters of the title, a volume number, letters of the surname. */
function slugOf({ work, edition }: Copy): string {
  const plain = (text: string): string =>
    text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "");
  const title = plain(edition.title.replace(/^(?:the|an?)\s+/i, "")).slice(0, 16);
  const surname = plain(surnameFirst(work.authors[0] ?? "unse").split(",")[0] ?? "").slice(0, 4);
  return `${title || "untitled"}0000${surname || "unse"}`;
}

function copiesOf(edition: SimulatedEdition, isRealistic: boolean): number {
  if (!isRealistic) return 1;
  const chance = stableShare(`copies:${edition.isbn13}`);
  return chance < SHARES.thirdCopy ? 3 : chance < SHARES.secondCopy ? 2 : 1;
}

/** The items of a catalogue; with `isRealistic` some editions were scanned twice and some items err. */
export function itemsOf(
  { works }: Catalogue,
  options: { keys: OpenLibraryKeys; isRealistic: boolean },
): readonly ArchiveItem[] {
  const taken = new Set<string>();
  const items: ArchiveItem[] = [];
  for (const work of works) {
    for (const edition of work.editions) {
      for (let number = 0; number < copiesOf(edition, options.isRealistic); number++) {
        const copy = { work, edition, key: `${edition.isbn13}/${number}` };
        const slug = slugOf(copy);
        const suffix = stableHash(copy.key).toString(36).slice(-4).padStart(4, "0");
        const identifier = taken.has(slug) ? `${slug}_${suffix}` : slug;
        taken.add(identifier);
        const isDark = options.isRealistic && stableShare(`dark:${copy.key}`) < SHARES.dark;
        items.push({ identifier, metadata: describeCopy(copy, options), isDark });
      }
    }
  }
  return items;
}
