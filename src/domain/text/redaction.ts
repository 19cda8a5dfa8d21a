import { Buffer } from "node:buffer";

/** Takes the secrets out of a text. */
export type Redact = (text: string) => string;

const MARK = "[redacted]";

/** A shorter value is a word that may stand anywhere, such as the key "ollama" of a server that wants none. */
const MIN_SECRET_LENGTH = 8;

/** So much of a long secret is one that was cut off, and no common beginning such as "sk-proj-". */
const MAX_HEAD_LENGTH = 16;

/** What a secret may go on with, in any of its forms. */
const REST = "[\\w.~%+/=-]*";

/**
 * Puts a mark in the place of each of the secrets, in whichever form it comes back: as it is, escaped for
 * a URL or for JSON, or in Base64; also where only its first half, or sixteen characters, or its last half
 * are left. Values of fewer than eight characters are left alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const redact = createRedactor(["sk-1234/5678"]);
 * assertEquals(redact("bad key: sk-1234/5678, sk-1234%2F5678"), "bad key: [redacted], [redacted]");
 * assertEquals(redact("bad key: sk-1234/…"), "bad key: [redacted]…");
 * ```
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = new Set(
    secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH).flatMap(formsOf),
  );
  if (forms.size === 0) return (text) => text;
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  const patterns = [
    ...longestFirst.map(literally),
    ...longestFirst.map((form) => literally(form.slice(0, headLength(form))) + REST),
    ...longestFirst.map((form) =>
      literally(form.slice(-Math.max(MIN_SECRET_LENGTH, Math.ceil(form.length / 2))))
    ),
  ];
  const pattern = new RegExp([...new Set(patterns)].join("|"), "gi");
  return (text) => text.replace(pattern, MARK);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|\/-]/g, "\\$&");
}

function headLength({ length }: string): number {
  return Math.max(MIN_SECRET_LENGTH, Math.min(MAX_HEAD_LENGTH, Math.ceil(length / 2)));
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString("base64");
  return [
    secret,
    json,
    json.replaceAll("/", "\\/"),
    encodeURIComponent(secret),
    encodeURI(secret),
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
  ];
}

/**
 * What of a URL is secret: user and password, together and apart, and the values of its query. Of what
 * is no URL, what would be its user and password.
 */
export function secretsInUrl(url: string): string[] {
  const parsed = URL.parse(url);
  if (parsed === null) return [/\/\/([^/]*)@/.exec(url)?.[1] ?? ""];
  const { username, password, searchParams } = parsed;
  const plain = [username, password].map(decoded);
  return [
    ...(username === "" && password === "" ? [] : [`${username}:${password}`, plain.join(":")]),
    ...plain,
    ...searchParams.values(),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that escapes nothing stands for itself
  }
}
