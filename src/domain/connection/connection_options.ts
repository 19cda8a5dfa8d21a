import type { ParameterReader } from "./parameter_reader.ts";
import { ConnectionProblem } from "./split_connection_url.ts";

/** Settings this service makes itself and relies on, and words of the start-up that are no settings. */
const OURS: ReadonlySet<string> = new Set([
  "client_encoding",
  "database",
  "datestyle",
  "default_transaction_isolation",
  "default_transaction_read_only",
  "idle_in_transaction_session_timeout",
  "intervalstyle",
  "options",
  "replication",
  "standard_conforming_strings",
  "statement_timeout",
  "timezone",
  "user",
]);

/** What the session of a connection is told. */
export interface SessionOptions {
  readonly settings: Readonly<Record<string, string>>;
  /** What in `options` is no setting, for a proxy in between. */
  readonly rest: string | null;
  readonly ignored: readonly string[];
}

/**
 * Reads `options` (`-c name=value`, `--name=value` and what else is there) and the names drivers have
 * for `search_path`: Prisma's `schema` is one, JDBC's `currentSchema` a list of them.
 *
 * Throws `ConnectionProblem` for a `-c` without a setting.
 */
export function readOptions(read: ParameterReader): SessionOptions {
  const settings: Record<string, string> = {};
  const rest: string[] = [];
  const ignored: string[] = [];
  const words = splitWords(read.take("options")?.value ?? "");
  while (words.length > 0) {
    const word = words.shift()!;
    const setting = word === "-c" ? words.shift() ?? "" : /^(?:-c|--)(.+)$/s.exec(word)?.[1];
    if (setting === undefined) {
      rest.push(word);
      continue;
    }
    const [, name, value] = /^([a-z_][\w.-]*)=(.*)$/is.exec(setting) ?? [];
    if (name === undefined) {
      throw new ConnectionProblem("comes with options in which a -c is not followed by name=value");
    }
    const key = name.replaceAll("-", "_").toLowerCase();
    if (OURS.has(key)) ignored.push(`options -c ${key}`);
    else settings[key] = value!;
  }
  const schema = read.take("schema")?.value;
  const path = read.first(["search_path", "currentSchema"])?.value ??
    (schema === undefined ? undefined : quoteName(schema));
  return {
    settings: path === undefined ? settings : { ...settings, search_path: path },
    rest: rest.length === 0 ? null : rest.map((word) => word.replace(/[\\\s]/g, "\\$&")).join(" "),
    ignored,
  };
}

/** As the server does it: words are separated by white space, which a backslash makes part of one. */
function splitWords(text: string): string[] {
  const words = text.match(/(?:\\.|[^\\\s])+/gs) ?? [];
  return words.map((word) => word.replace(/\\(.)/gs, "$1"));
}

function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
