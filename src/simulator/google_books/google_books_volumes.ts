import type { Catalogue, SimulatedEdition, SimulatedWork } from "../books/catalogue.ts";
import { listedIsbns } from "../books/isbn_forms.ts";
import { stableHash, stableShare } from "../faults/random.ts";

/** One volume of Google Books. */
export interface Volume {
  readonly id: string;
  readonly work: SimulatedWork;
  readonly edition: SimulatedEdition;
  /** A library's copy, scanned: thin, with a barcode in the place of an ISBN. */
  readonly isScan: boolean;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Twelve signs, of which the last seven tell publishers' files ("AQBAJ") from scans ("AMAAJ"). */
function idOf(key: string, ending: string): string {
  let bits = stableHash(key);
  let id = "";
  for (let sign = 0; sign < 5; sign++) {
    id += ALPHABET[bits & 63];
    bits >>>= 6;
  }
  return id + ending;
}

/** The identifier of the volume that a publisher gave for an ISBN-13. */
export function volumeIdOf(isbn13: string): string {
  return idOf(isbn13, "AAAQBAJ");
}

/** Share of the older editions of which a library's copy was scanned as well. */
const SCANNED_SHARE = 0.1;
/** Most libraries' books were scanned in the first years of the project. */
const LAST_SCANNED_YEAR = 2008;

function wasScanned({ isbn13, published }: SimulatedEdition): boolean {
  const isOld = published === null || Number(published.slice(0, 4)) <= LAST_SCANNED_YEAR;
  return isOld && stableShare(`scanned:${isbn13}`) < SCANNED_SHARE;
}

/** The volumes of a catalogue: one for each edition and, with `hasScans`, some scans beside them. */
export function volumesOf(
  { works }: Catalogue,
  { hasScans }: { hasScans: boolean },
): readonly Volume[] {
  const byId = new Map<string, Volume>();
  const add = (volume: Volume): void => {
    const known = byId.get(volume.id);
    if (known === undefined) byId.set(volume.id, volume);
    // Two records may bear one ISBN, and are two volumes all the same.
    else if (known.work !== volume.work) {
      add({ ...volume, id: idOf(`${volume.id} ${volume.work.id}`, "AAAQBAJ") });
    }
  };
  for (const work of works) {
    for (const edition of work.editions) {
      add({ id: volumeIdOf(edition.isbn13), work, edition, isScan: false });
      if (!hasScans || !wasScanned(edition)) continue;
      add({ id: idOf(`scan:${edition.isbn13}`, "AAAMAAJ"), work, edition, isScan: true });
    }
  }
  return [...byId.values()];
}

interface Identifier {
  readonly type: "ISBN_13" | "ISBN_10" | "OTHER";
  readonly identifier: string;
}

/**
 * A number of those who gave the book, as their records have it: the barcode of Michigan's library, the
 * marks of the British and the Bavarian one, a publisher's key.
 */
function otherIdentifierOf({ isbn13 }: SimulatedEdition): Identifier {
  const number = stableHash(`barcode:${isbn13}`);
  const identifiers = [
    `UOM:${39_015_000_000_000 + number}`,
    `BL:A${String(number).padStart(10, "0").slice(-10)}`,
    `BSB:BSB${String(number).padStart(8, "0").slice(-8)}`,
    `PKEY:${isbn13}`,
  ] as const;
  // By a share: in a hash of thirteen digits with a check digit the last bits are all alike.
  const giver = Math.floor(stableShare(`giver:${isbn13}`) * identifiers.length);
  return { type: "OTHER", identifier: identifiers[giver] ?? identifiers[0] };
}

function identifiersOf({ edition, isScan }: Volume): readonly Identifier[] {
  if (isScan) return [otherIdentifierOf(edition)];
  const { isbn13, isbn10 } = listedIsbns(edition);
  return [
    ...(isbn13 === null ? [] : [{ type: "ISBN_13", identifier: isbn13 } as const]),
    ...(isbn10 === null ? [] : [{ type: "ISBN_10", identifier: isbn10 } as const]),
    ...(edition.strayIsbn13s ?? []).map((identifier) => ({ type: "ISBN_13", identifier } as const)),
    ...(isbn13 === null && isbn10 === null ? [otherIdentifierOf(edition)] : []),
  ];
}

/** Scans carry the year a librarian read off the title page, starred where it was a guess. */
function dateOf({ edition: { published, isbn13 }, isScan }: Volume): string | undefined {
  if (published === null) return undefined;
  if (!isScan) return published;
  const year = published.slice(0, 4);
  return stableShare(`guessed:${isbn13}`) < 0.5 ? `${year}*` : year;
}

/** Share of the volumes that a search still shows and the store no longer has. */
const GONE_SHARE = 0.01;

/** Whether a volume was taken back since the search's index was made. */
export function isGone({ id }: Volume): boolean {
  return stableShare(`gone:${id}`) < GONE_SHARE;
}

/** Share of the search records that lack identifiers which `/volumes/{id}` has. */
const THIN_SHARE = 0.04;

function volumeInfo(volume: Volume, { isSearch }: { isSearch: boolean }): Record<string, unknown> {
  const { id, edition, isScan } = volume;
  const isThin = isSearch && stableShare(`thin:${id}`) < THIN_SHARE;
  const authors = isScan && isSearch ? [] : edition.authors;
  const everything: Record<string, unknown> = {
    title: edition.title,
    subtitle: isScan ? undefined : edition.subtitle ?? undefined,
    authors: authors.length === 0 ? undefined : authors,
    publisher: isScan ? undefined : edition.publisher ?? undefined,
    publishedDate: dateOf(volume),
    industryIdentifiers: isThin ? undefined : identifiersOf(volume),
    readingModes: { text: !isScan, image: isScan },
    pageCount: edition.pages ?? undefined,
    printType: "BOOK",
    maturityRating: "NOT_MATURE",
    contentVersion: isSearch ? undefined : "preview-1.0.0",
    imageLinks: isScan
      ? undefined
      : { thumbnail: `http://books.google.com/books/content?id=${id}&img=1&zoom=1` },
    language: edition.language ?? undefined,
    infoLink: `http://books.google.com/books?id=${id}`,
  };
  return Object.fromEntries(Object.entries(everything).filter(([, value]) => value !== undefined));
}

/** A volume on the wire; the record in a search is thinner than the one behind `/volumes/{id}`. */
export function volumeRecord(
  volume: Volume,
  options: { isSearch: boolean; country: string; origin: string },
): Record<string, unknown> {
  const { id, edition, isScan } = volume;
  const { country, origin } = options;
  const isEbook = edition.format === "Digital";
  return {
    kind: "books#volume",
    id,
    etag: stableHash(`etag:${id}`).toString(36),
    selfLink: `${origin}/books/v1/volumes/${id}`,
    volumeInfo: volumeInfo(volume, options),
    saleInfo: { country, saleability: isEbook ? "FOR_SALE" : "NOT_FOR_SALE", isEbook },
    accessInfo: { country, viewability: isScan ? "NO_PAGES" : "PARTIAL" },
  };
}
