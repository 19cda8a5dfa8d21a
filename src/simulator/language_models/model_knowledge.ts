import { monthFromIndex, monthIndex, monthKey, parseMonthKey } from "../../domain/months/month.ts";
import type { Catalogue, SimulatedWork } from "../books/catalogue.ts";
import type { Oddities } from "../faults/oddities.ts";
import { stableHash, stableShare } from "../faults/random.ts";
import { joinTitle } from "../books/title_parts.ts";
import type { ToldBook } from "./answer_schema.ts";
import { tellSeries } from "./told_series.ts";
import type { Inventions } from "./invented_books.ts";

/** Who is asked for which month. */
export interface Asked {
  readonly service: string;
  readonly model: string;
  /** `YYYY-MM`, or null when the question names none. */
  readonly month: string | null;
  /** The most books wanted. */
  readonly limit: number;
}

/** What the simulated models know. */
export interface ModelKnowledge {
  /** The books a model names, the most notable first, with its inventions and wrong dates among them. */
  named(asked: Asked): readonly ToldBook[];
  /** Works of neighbouring months and years, given out as of the month asked for. */
  misdated(asked: Asked): readonly ToldBook[];
  /** Fictional books of the data, others for each month. */
  fictional(asked: Asked): readonly ToldBook[];
}

/** What models know, and how well. */
export interface KnowledgeOptions {
  readonly catalogue: Catalogue;
  readonly oddities: Oddities;
  readonly inventions: () => Inventions;
  readonly seed: number;
}

const NO_SERIES = { series: null, number: null };

/** The distances, in months, at which models misdate: by a month or two, or by a year. */
const MISDATED_BY = [-1, 1, -2, 2, -12, 12] as const;

function neighbours(key: string): string[] {
  const month = parseMonthKey(key);
  if (month === null) return [];
  return MISDATED_BY.map((distance) => monthKey(monthFromIndex(monthIndex(month) + distance)));
}

/** A share of a whole as a count; what is left over is a chance, drawn by the key. */
function countOf(share: number, { whole, key }: { whole: number; key: string }): number {
  return Math.floor(share * whole + stableShare(key));
}

/** Models that know the notable works of the catalogue as far as the oddities let them. */
export function createModelKnowledge(options: KnowledgeOptions): ModelKnowledge {
  const { catalogue, oddities, inventions, seed } = options;
  const others = [...new Set(catalogue.works.flatMap(({ series }) => series ?? []))];
  const told = (work: SimulatedWork, { model, month }: Asked): ToldBook => {
    const named = { title: joinTitle(work), series: work.series };
    const key = `${seed}:${model}:${work.id}`;
    const title = tellSeries(named, { oddities: oddities.series, key, others });
    return { ...title, authors: work.authors, month };
  };

  const worksOf = (month: string | null): readonly SimulatedWork[] =>
    month === null ? [] : catalogue.worksByMonth.get(month) ?? [];

  // The least notable is unknown twice as often as the average, the most notable hardly ever.
  const known = ({ model, month }: Asked): SimulatedWork[] =>
    worksOf(month).filter(({ id }, rank, { length }) => {
      const unknownShare = 2 * (1 - oddities.knownShare) * (rank + 0.5) / length;
      return stableShare(`knows:${seed}:${model}:${id}`) >= unknownShare;
    });

  const misdated = (asked: Asked): ToldBook[] => {
    const { service, month, limit } = asked;
    if (month === null) return [];
    const place = ({ id }: SimulatedWork): number =>
      stableShare(`misdated:${seed}:${service}:${month}:${id}`);
    return neighbours(month).flatMap(worksOf).sort((a, b) => place(a) - place(b))
      .slice(0, limit).map((work) => told(work, asked));
  };

  const invented = ({ service, month }: Asked, count: number): ToldBook[] =>
    count === 0 ? [] : inventions().make(`${seed}:${service}:${month}`, count)
      .map((book) => ({ ...book, ...NO_SERIES, month }));

  return {
    named(asked) {
      const { service, month, limit } = asked;
      const works = known(asked);
      const realShare = 1 - oddities.inventedShare - oddities.misdatedShare;
      const whole = Math.min(limit, Math.round(works.length / realShare));
      const key = `${seed}:${service}:${month}`;
      const wrong = [
        ...invented(asked, countOf(oddities.inventedShare, { whole, key: `invented:${key}` })),
        ...misdated({
          ...asked,
          limit: countOf(oddities.misdatedShare, { whole, key: `misdated:${key}` }),
        }),
      ];
      const real = works.slice(0, Math.max(0, limit - wrong.length));
      return wrong.reduce<ToldBook[]>((list, book) => {
        const place = Math.floor(stableShare(`place:${key}:${book.title}`) * (list.length + 1));
        return list.toSpliced(place, 0, book);
      }, real.map((work) => told(work, asked)));
    },
    misdated,
    fictional({ month, limit }) {
      const { unknownBooks: all } = catalogue;
      const start = stableHash(month ?? "") % Math.max(1, all.length);
      return [...all.slice(start), ...all.slice(0, start)].slice(0, limit)
        .map(({ title, author }) => ({ title, authors: [author], ...NO_SERIES, month }));
    },
  };
}
