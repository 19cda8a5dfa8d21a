import { type ConnectionParameter, ConnectionProblem } from "./split_connection_url.ts";

/** What may be shown in a message; anything else might be of a password that was not escaped. */
const SHOWABLE_NAME = /^[\w.-]{1,60}$/;
const SHOWABLE_VALUE = /^[\w.-]{1,20}$/;

/** Takes parameters one by one, and knows which nobody took. */
export class ParameterReader {
  readonly #parameters: ReadonlyMap<string, ConnectionParameter>;
  readonly #taken = new Set<string>();

  constructor(parameters: ReadonlyMap<string, ConnectionParameter>) {
    this.#parameters = parameters;
  }

  take(name: string): ConnectionParameter | undefined {
    this.#taken.add(name);
    return this.#parameters.get(name);
  }

  /** The first of several names for the same that is there; the others count as taken. */
  first(names: readonly string[]): ConnectionParameter | undefined {
    return names.map((name) => this.take(name)).find((found) => found !== undefined);
  }

  /** Whether the value is one that counts; a parameter with another value stays as nothing special. */
  isLike(name: string, pattern: RegExp): boolean {
    const found = this.take(name);
    return found !== undefined && pattern.test(found.value);
  }

  /** Throws `ConnectionProblem` when the value is none of the choices; letter case does not count. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const found = this.take(name);
    if (found === undefined) return undefined;
    const chosen = choices.find((choice) => choice === found.value.toLowerCase());
    if (chosen === undefined) throw unsuitable(found, `must be one of ${choices.join(", ")}`);
    return chosen;
  }

  /** Throws `ConnectionProblem` when the value is no whole number of at least `min`. */
  wholeNumber(names: readonly string[], { min }: { min: number }): number | null {
    const found = this.first(names);
    if (found === undefined) return null;
    const number = /^\s*-?\d{1,9}\s*$/.test(found.value) ? Number(found.value) : NaN;
    if (!(number >= min)) throw unsuitable(found, `must be a whole number of at least ${min}`);
    return number;
  }

  /** Names of the parameters nobody took. */
  untaken(): string[] {
    return [...this.#parameters.keys()]
      .filter((name) => !this.#taken.has(name) && SHOWABLE_NAME.test(name));
  }
}

/** Says of a parameter what it must be, showing its value when that can hold no secret. */
export function unsuitable(
  { value, source }: ConnectionParameter,
  must: string,
): ConnectionProblem {
  const shown = SHOWABLE_VALUE.test(value) ? `${source}=${value}` : `a value of ${source}`;
  return new ConnectionProblem(`comes with ${shown}, which ${must}`);
}
