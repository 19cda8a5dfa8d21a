import { fileURLToPath } from "node:url";
import { type Config, parseConfig } from "../config.ts";
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

/** The embedded engine's own program, in the package cache. */
const ENGINE = fileURLToPath(new URL(".", import.meta.resolve("@electric-sql/pglite")));

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
  return {
    read: ["migrations", ".env", ENGINE, config.DATA_DIR],
    write: [config.DATA_DIR],
    net: [`${bracketed(config.HOST)}:${config.PORT}`, ...addresses],
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
  const isKnown = DATABASE_URL !== undefined && URL.canParse(DATABASE_URL);
  return {
    read: ["migrations", "src/simulator/data", ENGINE, folder],
    write: [folder],
    net: ["127.0.0.1", bracketed(HOST), ...isKnown ? [hostAndPort(DATABASE_URL)] : []],
  };
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
  "postgres:": "5432",
  "postgresql:": "5432",
};

function hostAndPort(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  return `${hostname || "localhost"}:${port || DEFAULT_PORTS[protocol]}`;
}

/** An IPv6 address as it stands before a port. */
function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
