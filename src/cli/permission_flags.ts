import { fileURLToPath } from "node:url";
import { type Config, parseConfig, SETTING_NAMES } from "../config.ts";
import { type ConnectionTarget, socketFile } from "../domain/connection/connection_target.ts";
import { readConnectionUrl } from "../domain/connection/connection_url.ts";
import { AppError } from "../errors.ts";
import { demoFolder } from "./demo_folder.ts";

type Environment = Readonly<Record<string, string>>;

/** Which of our programs is to be started: the demo, or the service and the commands beside it. */
export type Program = "service" | "demo";

/** Files and folders to read and to write, and hosts with their ports. */
interface Reach {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: readonly string[];
}

/** Where the embedded engine's thread has its program, of which each module needs to be readable. */
const ENGINE_PROGRAM = "src/database/embedded";

/** The engine itself, in the package cache. */
const ENGINE = fileURLToPath(new URL(".", import.meta.resolve("@electric-sql/pglite")));

/** What may be read of the environment: the settings, and what database clients look for by themselves. */
const VARIABLES = [...SETTING_NAMES, "PG*", "LOGNAME", "USER", "USERNAME"];

/**
 * The flags with which a Deno process reaches what the settings in `environment` name and nothing else,
 * and never asks whoever sits at the terminal for more. Paths are relative to the project's folder,
 * where Deno starts tasks. Of settings that cannot be understood nothing can be reached: the program
 * will say what is wrong with them.
 */
export function permissionFlags(program: Program, environment: Environment): string[] {
  const reach = program === "demo" ? demoReach(environment) : serviceReach(environment);
  return [
    "--no-prompt",
    `--allow-env=${VARIABLES.join(",")}`,
    ...Object.entries(reach).flatMap(([kind, items]) => {
      const list = asList(items);
      return list === "" ? [] : [`--allow-${kind}=${list}`];
    }),
  ];
}

/** What has a space in it is left out: the shell of `deno task` would break the flag in two. */
function asList(items: readonly string[]): string {
  return [...new Set(items)].filter((item) => !/\s/.test(item))
    .map((item) => item.replaceAll(",", ",,")) // how Deno tells a comma from the end of an item
    .join(",");
}

/** Its files, where it listens or is asked, and the database and providers of the settings. */
function serviceReach(environment: Environment): Reach {
  const config = understood(environment);
  if (config === null) return { read: [], write: [], net: [] };
  const addresses = Object.entries(config).flatMap(([name, value]) =>
    name.endsWith("_URL") && typeof value === "string" ? [hostAndPort(value)] : []
  );
  const database = databaseReach(config.DATABASE_URL);
  return {
    read: ["migrations", ENGINE_PROGRAM, ".env", ENGINE, config.DATA_DIR, ...database.read],
    write: [config.DATA_DIR, ...database.write],
    net: [`${bracketed(config.HOST)}:${config.PORT}`, ...addresses, ...database.net],
  };
}

function understood(environment: Environment): Config | null {
  try {
    return parseConfig({ ALEXANDRIA_WEBHOOK_SECRET: "plays-no-part-in-this", ...environment });
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/**
 * A folder of its own, the shipped books, this machine for the simulator and the demo itself, and the
 * database if the settings name one. Most other settings are the demo's own.
 */
function demoReach(environment: Environment): Reach {
  const { HOST = "127.0.0.1", DATABASE_URL } = environment;
  const folder = demoFolder(environment);
  const read = readConnectionUrl(DATABASE_URL ?? "", environment);
  const database = databaseReach("target" in read ? read.target : undefined);
  return {
    read: ["migrations", "src/simulator/data", ENGINE_PROGRAM, ENGINE, folder, ...database.read],
    write: [folder, ...database.write],
    net: ["127.0.0.1", bracketed(HOST), ...database.net],
  };
}

/** The servers, sockets among them, which Deno takes for hosts and for files, and certificates. */
function databaseReach(target: ConnectionTarget | undefined): Reach {
  if (target === undefined) return { read: [], write: [], net: [] };
  const { addresses, ssl_root_certificate: root, ssl_client } = target;
  const sockets = addresses.flatMap((one) => one.kind === "socket" ? [socketFile(one)] : []);
  const servers = addresses.flatMap((one) =>
    one.kind === "tcp" ? [`${bracketed(one.connect_to)}:${one.port}`] : []
  );
  return {
    read: [
      ...sockets,
      ...(root === null || root === "system" ? [] : [root]),
      ...(ssl_client === null ? [] : [ssl_client.certificate, ssl_client.key]),
    ],
    write: sockets,
    net: [...servers, ...sockets.map((path) => `unix:${path}`)],
  };
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

function hostAndPort(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  return `${hostname}:${port || DEFAULT_PORTS[protocol]}`;
}

/** An IPv6 address as it stands before a port. */
function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
