import { tokensOf } from "../search/search_index.ts";

/** People who published under several names, all of which their author record has. */
const NAMES_OF_ONE: readonly (readonly string[])[] = [
  ["Nora Roberts", "J. D. Robb"],
  ["J. K. Rowling", "Robert Galbraith"],
  ["Stephen King", "Richard Bachman"],
  ["Lemony Snicket", "Daniel Handler"],
  ["Robin Hobb", "Megan Lindholm"],
  ["John le Carré", "David Cornwell"],
  ["Mark Twain", "Samuel Clemens"],
];

function plain(name: string): string {
  return tokensOf(name).join("");
}

const OTHERS = new Map(
  NAMES_OF_ONE.flatMap((names) =>
    names.map((name) => [plain(name), names.filter((other) => other !== name)] as const)
  ),
);

/** The other names of a person, however the given one is written; none for most people. */
export function otherNamesOf(name: string): readonly string[] {
  return OTHERS.get(plain(name)) ?? [];
}
