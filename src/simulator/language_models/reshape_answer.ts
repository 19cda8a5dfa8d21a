import type { FaultKind } from "../faults/faults.ts";

/** The list of an answer, at its root or in its first field that is one. */
export function listIn(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  const fields = Object.values(Object(answer));
  return fields.find((field) => Array.isArray(field)) ?? [];
}

function withList(answer: unknown, list: readonly unknown[]): unknown {
  if (Array.isArray(answer) || typeof answer !== "object" || answer === null) return list;
  const old = listIn(answer);
  return Object.fromEntries(
    Object.entries(answer).map(([name, field]) => [name, field === old ? list : field]),
  );
}

/** Ways an item has the wrong types: one field, the other, or the whole of it. */
const SPOILT: readonly ((item: object) => unknown)[] = [
  (item) => ({ ...item, title: null }),
  (item) => Object.values(item).join(", "),
  (item) => ({ ...item, author: null }),
  (item) => ({ ...item, month: "spring" }),
  (item) => ({ ...item, series: {}, number: ["none"] }),
];

/** Every third item, and never the first, loses its types. */
function spoil(item: unknown, index: number): unknown {
  if (index % 3 !== 1 || typeof item !== "object" || item === null) return item;
  return SPOILT[Math.floor(index / 3) % SPOILT.length]?.(item);
}

/** An answer as a model gives it that does not keep to the schema. */
export function reshapeAnswer(answer: unknown, kind: FaultKind | undefined): unknown {
  const list = listIn(answer);
  switch (kind) {
    case "bare_array":
      return list;
    case "other_key":
      return { [list.length % 2 === 0 ? "results" : "items"]: list };
    case "wrong_types":
      return withList(answer, list.map(spoil));
    default:
      return answer;
  }
}
