import {
  type ConnectionTarget,
  type ServerAddress,
  SSL_MODES,
  type SslMode,
} from "./connection_target.ts";
import { type ParameterReader, unsuitable } from "./parameter_reader.ts";
import { ConnectionProblem } from "./split_connection_url.ts";

const DEFAULT_PORT = 5432;
const DEFAULT_HOST = "localhost";

/** Words of other drivers for a mode of libpq's: true and 1 as libpq has it, no-verify as node-pg. */
const MODE_WORDS: Readonly<Record<string, SslMode>> = {
  true: "require",
  "1": "require",
  false: "disable",
  "0": "disable",
  "no-verify": "require",
};

type AddressFields = Pick<
  ConnectionTarget,
  "addresses" | "is_ssl_mode_default" | "ssl_root_certificate"
>;

/**
 * Reads where to connect and how encrypted. Lists of `host`, `hostaddr` and `port` go together one by
 * one; one port counts for all hosts.
 *
 * Throws `ConnectionProblem`.
 */
export function readAddresses(read: ParameterReader): AddressFields {
  const root = read.take("sslrootcert")?.value ?? null;
  const mode = readMode(read, root);
  const list = (name: string): string[] | null =>
    read.take(name)?.value.split(",").map((one) => one.trim()) ?? null;
  const named = list("host");
  const numeric = list("hostaddr");
  const hosts = named ?? numeric ?? [DEFAULT_HOST];
  const targets = numeric ?? hosts;
  if (targets.length !== hosts.length) {
    throw new ConnectionProblem("comes with hostaddr for another number of hosts than it names");
  }
  const ports = readPorts(read, hosts.length);
  return {
    addresses: hosts.map((host, i) => addressOf(host, targets[i]!, ports[i]!, mode)),
    is_ssl_mode_default: mode === null,
    ssl_root_certificate: root,
  };
}

function readMode(read: ParameterReader, root: string | null): SslMode | null {
  const isStrict = read.isLike("sslaccept", /^strict$/i); // Prisma
  const found = read.first(["sslmode", "ssl"]);
  const word = found?.value.toLowerCase();
  const mode = SSL_MODES.find((one) => one === word) ?? MODE_WORDS[word ?? ""] ?? null;
  if (found && mode === null) throw unsuitable(found, `must be one of ${SSL_MODES.join(", ")}`);
  if (root === "system") {
    if (mode === null || mode === "verify-full") return "verify-full";
    throw unsuitable(found!, "must be verify-full with sslrootcert=system");
  }
  if (isStrict && mode !== "disable") return "verify-full";
  // As in libpq, to name an authority is to ask for a certificate of it.
  if (root !== null && mode === "require") return "verify-ca";
  return root !== null && mode === null ? "verify-full" : mode;
}

function readPorts(read: ParameterReader, count: number): number[] {
  const found = read.take("port");
  const ports = (found?.value ?? "").split(",").map((one) => one.trim());
  const all = ports.length === 1 ? Array.from({ length: count }, () => ports[0]!) : ports;
  if (all.length !== count) {
    throw new ConnectionProblem("comes with ports for another number of hosts than it names");
  }
  return all.map((one) => {
    if (one === "") return DEFAULT_PORT;
    const port = /^\d{1,5}$/.test(one) ? Number(one) : NaN;
    if (!(port >= 1 && port <= 65_535)) {
      throw new ConnectionProblem(
        "has a port that is no number from 1 to 65535 (a / in the password is written %2F)",
      );
    }
    return port;
  });
}

function addressOf(
  host: string,
  target: string,
  port: number,
  mode: SslMode | null,
): ServerAddress {
  if (host.startsWith("/")) return { kind: "socket", path: host.replace(/(.)\/+$/, "$1"), port };
  const isIpv6 = /^[0-9a-f:.]+(%\w+)?$/i.test(host) && host.split(":").length > 2;
  if (!isIpv6 && !/^[\p{L}\p{N}._-]+$/u.test(host)) {
    throw new ConnectionProblem(
      "has a host that is no name, no IP address and no path of a socket's folder (a / in the " +
        "password is written %2F; the port of a host= belongs in port=)",
    );
  }
  return {
    kind: "tcp",
    host,
    connect_to: target,
    port,
    ssl_mode: mode ?? (isOfThisMachine(host) ? "disable" : "require"),
  };
}

function isOfThisMachine(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);
}
