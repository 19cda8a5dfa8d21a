import {
  type Catalogue,
  indexIsbns,
  type SimulatedEdition,
  type SimulatedWork,
} from "./catalogue.ts";
import { fileEdition, fileWork, type FlawShares } from "./imperfections.ts";
import { stableHash, stableShare } from "../faults/random.ts";

/**
 * How much of the catalogue the services hold: each its own part with its own flaws, or each everything,
 * faultlessly.
 */
export type Coverage = "full" | "realistic";

/** Which part of the catalogue a service has, and how well. */
export interface Holding {
  /** The chance (0–1) that a work is held. */
  readonly holds: (work: SimulatedWork) => number;
  /** The chance that an edition of a held work is held; one always is. */
  readonly editionShare: number;
  readonly flaws: FlawShares;
}

/** Share of the works that few collections have, and fewer have at once. */
const RARE_SHARE = 0.04;

function isRare({ id, notability }: SimulatedWork): boolean {
  return notability === null && stableShare(`rare:${id}`) < RARE_SHARE;
}

/** The chance that a service has a work which goes by how well known the work is. */
export function byFame(
  shares: { notable: number; others: number; rare: number },
): (work: SimulatedWork) => number {
  return (work) => {
    if (work.notability !== null) return shares.notable;
    return isRare(work) ? shares.rare : shares.others;
  };
}

/** The earliest year that is known of a work. */
export function yearOf({ firstPublished, editions }: SimulatedWork): number | null {
  const dates = [firstPublished, ...editions.map(({ published }) => published)];
  const years = dates.filter((date) => date !== null).map((date) => Number(date.slice(0, 4)));
  return years.length === 0 ? null : Math.min(...years);
}

function heldEditions(
  editions: readonly SimulatedEdition[],
  { service, share }: { service: string; share: number },
): readonly SimulatedEdition[] {
  const chance = ({ isbn13 }: SimulatedEdition): number =>
    stableShare(`edition:${service}:${isbn13}`);
  const held = editions.filter((edition) => chance(edition) < share);
  if (held.length > 0) return held;
  const likeliest = Math.min(...editions.map(chance));
  return editions.filter((edition) => chance(edition) === likeliest);
}

/** Records come in the order they were made in, which may put a translation before the original. */
function inOrderOfFiling(
  editions: readonly SimulatedEdition[],
  service: string,
): readonly SimulatedEdition[] {
  const hasTranslations = editions.some(({ language }) => language !== null && language !== "en");
  if (!hasTranslations) return editions;
  const place = ({ isbn13 }: SimulatedEdition): number => stableHash(`place:${service}:${isbn13}`);
  return [...editions].sort((a, b) => place(a) - place(b));
}

/** The part of the catalogue that a service holds, as its records have it: always the same one. */
export function holdingOf(
  catalogue: Catalogue,
  { name: service, holding }: { readonly name: string; readonly holding: Holding | null },
): Catalogue {
  if (holding === null) return catalogue;
  const { holds, editionShare, flaws } = holding;
  const filing = { service, shares: flaws };
  const works = catalogue.works
    .filter((work) => stableShare(`work:${service}:${work.id}`) < holds(work))
    .map((work): SimulatedWork => ({
      ...work,
      ...fileWork(work, filing),
      editions: inOrderOfFiling(
        heldEditions(work.editions, { service, share: editionShare }),
        service,
      ).map((edition) => fileEdition(edition, { ...filing, siblings: work.editions })),
    }));
  // Only the language models are asked for months, and they know the whole catalogue.
  return { works, isbns: indexIsbns(works), worksByMonth: new Map(), unknownBooks: [] };
}
