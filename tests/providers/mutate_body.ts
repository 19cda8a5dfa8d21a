/** A body on its way back to a client. */
export interface WireBody {
  readonly status: number;
  readonly text: string;
}

type Random = () => number;

function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error("Nothing to choose from");
  return choice;
}

function nested(depth: number, name: string | null): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level++) value = name === null ? [value] : { [name]: value };
  return value;
}

/** Values of every type, none of which is a fact about a book. */
const STRANGE_VALUES: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1e300,
  () => "",
  () => " \t",
  () => "\0",
  () => "\ud800",
  () => "\u202e\ufeff",
  () => [],
  () => ({}),
  () => [null, null],
  () => [[]],
  () => ({ length: 3 }),
  () => JSON.parse('{"__proto__":{"title":"x"},"constructor":7}'),
  () => "x".repeat(500),
  () => nested(60, null),
  () => nested(60, "error"),
];

/** Slow for a client that reads a text more than once for each letter, so they come seldom. */
const HUGE_VALUES: readonly (() => unknown)[] = [
  () => "( ".repeat(4_000),
  () => "word, ".repeat(4_000),
  () => "9781402894627 ".repeat(2_000),
  () => "1".repeat(20_000),
  () => nested(3_000, "error"),
  () => Array.from({ length: 3_000 }, (_, index) => index),
];
const HUGE_SHARE = 0.01;

/** One place of a tree: a field of an object or an element of a list. */
interface Place {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

function placesIn(tree: unknown, found: Place[] = []): readonly Place[] {
  if (typeof tree !== "object" || tree === null) return found;
  const parent = tree as Record<string, unknown>;
  for (const key in parent) {
    found.push({ parent, key });
    placesIn(parent[key], found);
  }
  return found;
}

function remove({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** Another type with the same content, as services change their minds about. */
function retyped(value: unknown, random: Random): unknown {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    return pick<unknown>(random, [[value], { value }, Number(value), ` ${value}\n`, `${value}\0`]);
  }
  if (Array.isArray(value)) return pick<unknown>(random, [value[0], { ...value }, [value]]);
  if (typeof value === "object" && value !== null) {
    return pick<unknown>(random, [[value], Object.values(value), Object.entries(value)]);
  }
  return [value];
}

function changeTree(tree: unknown, random: Random): void {
  const places = placesIn(tree);
  if (places.length === 0) return;
  const place = pick(random, places);
  const { parent, key } = place;
  const value = parent[key];
  const choice = random();
  if (choice < HUGE_SHARE) parent[key] = pick(random, HUGE_VALUES)();
  else if (choice < 0.35) parent[key] = pick(random, STRANGE_VALUES)();
  else if (choice < 0.6) remove(place);
  else if (choice < 0.7) {
    remove(place);
    parent[`${key}_`] = value;
  } else if (choice < 0.95) parent[key] = retyped(value, random);
  else if (Array.isArray(value)) parent[key] = Array(20).fill(value).flat();
}

/** An answer in the same form that found nothing. */
function emptied(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (_key, value) => Array.isArray(value) ? [] : value));
}

const PAGES: readonly string[] = [
  "<html><body><h1>502 Bad Gateway</h1></body></html>",
  "<!doctype html><title>Just a moment...</title>",
  "",
  " ",
  "null",
  "[]",
  "{}",
  '""',
  "7",
  '{"error":"[INTERNAL] x"}',
  '{"error":{"code":"maxlag","info":"x"}}',
  "undefined",
  "\0",
  "java.util.concurrent.TimeoutException",
];

const STATUSES: readonly number[] = [200, 200, 200, 200, 201, 204, 400, 401, 403, 404, 413, 429]
  .concat([500, 502, 503, 504, 599]);

function changeText(text: string, random: Random): string {
  const at = Math.floor(random() * text.length);
  return pick(random, [
    () => text.slice(0, at),
    () => text.slice(at),
    () => pick(random, PAGES),
    () => `${text.slice(0, at)}\0${text.slice(at)}`,
    () => `)]}'\n${text}`,
    () => `\ufeff${text}`,
    () => text + text,
  ])();
}

/**
 * A body that went wrong on its way or at its source: one to three places of its JSON changed, or the
 * text cut, replaced or spoilt, or the status changed; or its lists are empty. No change turns one book's facts into
 * another's. The same `random` gives the same change.
 */
export function mutateBody({ status, text }: WireBody, random: Random): WireBody {
  const kind = random();
  if (kind < 0.08) return { status: pick(random, STATUSES), text };
  if (kind < 0.2) return { status, text: changeText(text, random) };
  const tree: unknown = JSON.parse(text);
  if (kind < 0.23) return { status, text: JSON.stringify(emptied(tree)) };
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change++) changeTree(tree, random);
  return { status, text: JSON.stringify(tree) };
}
