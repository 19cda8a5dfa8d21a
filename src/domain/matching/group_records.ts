import { type MeasuredRecord, sharesTitleAndAuthor } from "./score_work.ts";

/**
 * How much may be compared, in letters of titles and pairs of names: twenty times what any question of
 * the shipped benchmark takes, and a fraction of a second. Records beyond it, which only a damaged or
 * hostile answer holds, are still joined by ISBN and by the very same title and authors; so the
 * worst that can come of it is doubt.
 */
const MAX_COMPARED = 1_000_000;

/** A pair of names costs as much to compare as so many letters of titles. */
const LETTERS_PER_PAIR = 20;

/** Records alike in title and authors, of which one stands for all in comparisons. */
interface Shape {
  readonly record: MeasuredRecord;
  /** Positions of the first and the last of them. */
  readonly first: number;
  last: number;
}

/**
 * Splits records into works. Two are one work by an ISBN in common, or when the later one has the title of
 * the earlier one by the same author; and so is whoever is one with either. Groups stand in the order of
 * their first records, and so do the records of each.
 */
export function groupRecords(records: readonly MeasuredRecord[]): MeasuredRecord[][] {
  const groups = createGroups(records.length);
  joinByIsbn(records, groups);
  joinByTitle(shapesOf(records, groups), groups);
  return [...Map.groupBy(records.keys(), groups.rootOf).values()]
    .map((positions) => positions.map((position) => records[position]!));
}

interface Groups {
  /** The number that stands for the group of a record. */
  readonly rootOf: (position: number) => number;
  readonly join: (a: number, b: number) => void;
}

/** Every record alone, at first (disjoint sets with halved paths, the smaller joined to the larger). */
function createGroups(count: number): Groups {
  const parents = Array.from({ length: count }, (_, position) => position);
  const sizes = new Array<number>(count).fill(1);
  const rootOf = (position: number): number => {
    let root = position;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  };
  return {
    rootOf,
    join(a, b) {
      const [left, right] = [rootOf(a), rootOf(b)];
      if (left === right) return;
      const [small, large] = sizes[left]! < sizes[right]! ? [left, right] : [right, left];
      parents[small] = large;
      sizes[large]! += sizes[small]!;
    },
  };
}

function joinByIsbn(records: readonly MeasuredRecord[], groups: Groups): void {
  const owners = new Map<string, number>();
  for (const [position, { editions }] of records.entries()) {
    for (const { edition: { isbn13 } } of editions) {
      const owner = owners.get(isbn13);
      if (owner === undefined) owners.set(isbn13, position);
      else groups.join(owner, position);
    }
  }
}

/** Joins records alike in title and authors; where these don't even match themselves, each is a shape. */
function shapesOf(records: readonly MeasuredRecord[], groups: Groups): readonly Shape[] {
  const shapes: Shape[] = [];
  const byText = new Map<string, Shape>();
  for (const [position, record] of records.entries()) {
    const { title, subtitle, authors } = record.work;
    const text = JSON.stringify([title, subtitle, authors]);
    const known = byText.get(text);
    if (known !== undefined && sharesTitleAndAuthor(known.record, record)) {
      known.last = position;
      groups.join(known.first, position);
      continue;
    }
    const shape: Shape = { record, first: position, last: position };
    shapes.push(shape);
    byText.set(text, shape);
  }
  return shapes;
}

function joinByTitle(shapes: readonly Shape[], groups: Groups): void {
  let compared = 0;
  let known: Shape[][] = [];
  for (const shape of shapes) {
    const [own = [], ...merged] = known.filter((others) => {
      if (groups.rootOf(others[0]!.first) === groups.rootOf(shape.first)) return true;
      const alike = others.find((other) => {
        compared += comparisonSize(other, shape);
        return compared <= MAX_COMPARED && isSameShape(other, shape);
      });
      if (alike !== undefined) groups.join(alike.first, shape.first);
      return alike !== undefined;
    });
    if (compared > MAX_COMPARED) return;
    if (own.length === 0) known.push(own);
    own.push(...merged.flat(), shape);
    if (merged.length > 0) known = known.filter((others) => !merged.includes(others));
  }
}

function comparisonSize(a: Shape, b: Shape): number {
  const [left, right] = [a.record, b.record];
  return left.title.full.length + right.title.full.length +
    LETTERS_PER_PAIR * left.authors.length * right.authors.length;
}

/** Whether any record of one is the same work as a later one of the other. */
function isSameShape(a: Shape, b: Shape): boolean {
  return (a.first < b.last && sharesTitleAndAuthor(a.record, b.record)) ||
    (b.first < a.last && sharesTitleAndAuthor(b.record, a.record));
}
