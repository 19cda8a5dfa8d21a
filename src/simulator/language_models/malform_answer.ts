import { stableChoice } from "../faults/random.ts";

/** Texts in the quotes Python prints them in. */
function inPythonsQuotes(json: string): string {
  return json.replace(
    /"((?:[^"\\]|\\.)*)"/g,
    (quoted, text: string) => /['\\]/.test(text) ? quoted : `'${text}'`,
  )
    .replaceAll(":null", ":None").replaceAll(":true", ":True").replaceAll(":false", ":False");
}

type Malformation = (json: string) => string;

/** The ways in which complete answers of real models are no JSON. */
const MALFORMATIONS: readonly [Malformation, ...Malformation[]] = [
  (json) => json.replace("},{", "}\n{"),
  (json) => json.replaceAll("}]", "},]"),
  (json) => json.replace(/"month":\d+/, '"month":None'),
  inPythonsQuotes,
  (json) => json.replace(/"(title|author|month|series|number)"/g, "“$1”"),
  (json) => json.replace(/("title":")(\w+)/, '$1"$2"'),
  (json) => json.replace(/("title":"[^" ]*) /, "$1\n"),
  (json) => json.replace("},{", "}, // the most noticed\n{"),
  (json) => json.replace(/\]\}?$/, ", ...$&"),
  (json) => json.slice(0, -1),
];

/** An answer that is complete but not JSON, in a way that hangs on `seed` alone, and a sentence behind it. */
export function malformAnswer(json: string, seed: string): string {
  const malform = stableChoice(`malformed:${seed}`, MALFORMATIONS);
  return `${malform(json)}\n\nI hope this list helps.`;
}
