/** A parameter, and where it comes from, for messages. */
export interface ConnectionParameter {
  readonly value: string;
  readonly source: string;
}

/** Something in a URL that cannot be used; its message goes on from "DATABASE_URL …". */
export class ConnectionProblem extends Error {}

/** Also what drivers of other languages put before or into the scheme. */
const SCHEME = /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:\/\//i;

/**
 * Splits a URL into parameters by libpq's names: `host`, `port` (lists when there are several),
 * `user`, `password`, `dbname` and those after the `?`, of which the last of a name counts.
 *
 * As libpq does, and unlike URLs of the web, it takes several hosts, none, and a `#` as it is. Beyond
 * libpq, an `@` in the password may stand as it is, and so may a `%` that begins no escape.
 *
 * Throws `ConnectionProblem`, never with any of the URL's text, which might be of the password.
 *
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function splitConnectionUrl(url: string): Map<string, ConnectionParameter> {
  const text = url.trim();
  const scheme = SCHEME.exec(text)?.[0];
  if (scheme === undefined) {
    throw new ConnectionProblem(
      "must begin with postgres:// or postgresql://, with nothing around it such as quotation marks",
    );
  }
  const rest = text.slice(scheme.length);
  const [, authority, path, query] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest)!;
  const at = authority!.lastIndexOf("@");
  // What should be the end of the password has become a path or parameters.
  const isPort = /^[^:]*(:\d*)?$/.test(authority!);
  if (path?.includes("@") || at < 0 && !isPort && query?.includes("@")) {
    throw new ConnectionProblem(
      "has a / or ? in its user or password, where / is to be written %2F and ? as %3F",
    );
  }
  const parameters = new Map<string, ConnectionParameter>();
  const put = (name: string, value: string | undefined): void => {
    if (value) parameters.set(name, { value, source: name });
  };
  const [, user, password] = /^([^:]*)(?::(.*))?$/s.exec(authority!.slice(0, Math.max(at, 0)))!;
  put("user", decode(user!));
  put("password", password && decode(password));
  for (const [name, value] of splitHosts(authority!.slice(at + 1))) put(name, value);
  put("dbname", path && decode(path));
  for (const [name, value] of splitQuery(query ?? "")) put(name, value);
  return parameters;
}

function splitHosts(text: string): [string, string][] {
  if (text === "") return [];
  const hosts: string[] = [];
  const ports: string[] = [];
  for (const one of text.split(",")) {
    const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(one) ?? [];
    if (bracketed === undefined && plain === undefined) {
      throw new ConnectionProblem(
        "has a host with several colons: an IPv6 address is written in brackets, as [::1]:5432",
      );
    }
    hosts.push(decode(bracketed ?? plain!));
    ports.push(port ?? "");
  }
  const isHostNamed = hosts.some((host) => host !== "");
  return [
    ...(isHostNamed ? [["host", hosts.join(",")] as [string, string]] : []),
    ...(ports.some((port) => port !== "") ? [["port", ports.join(",")] as [string, string]] : []),
  ];
}

function splitQuery(query: string): [string, string][] {
  return query.split("&").filter((pair) => pair !== "").map((pair) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) {
      throw new ConnectionProblem("has a parameter after the ? that is not of the form name=value");
    }
    const decoded = decode(name);
    // A + is a plus to libpq and a space to most programs that write URLs; settings hold no plus.
    return [decoded, decode(decoded === "options" ? value!.replaceAll("+", " ") : value!)];
  });
}

/** Takes escapes of UTF-8 for what they stand for, and a % that begins none for itself. */
function decode(text: string): string {
  // The protocol ends texts with this character: what followed would be taken for something else.
  if (text.includes("%00")) throw new ConnectionProblem("has a %00, which stands for no character");
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "%25"));
  } catch {
    throw new ConnectionProblem(
      "has a % with two digits after it that stand for no character: a % itself is written %25",
    );
  }
}
