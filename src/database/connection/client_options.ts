import type postgres from "postgres";
import { connectionAttempts } from "../../domain/connection/connection_attempts.ts";
import {
  type ConnectionTarget,
  describeAddress,
} from "../../domain/connection/connection_target.ts";
import { STORABLE_TYPES } from "../catalogue/storable_text.ts";

/** So that the socket, which can say more, gives up before the client does. */
const CONNECT_MARGIN_S = 1;

/**
 * What is the same on every connection. The rest are the client's own defaults, as of postgres.js
 * 3.4.9: what it is not told it looks for in the environment, under names that begin with PG, of which
 * some are not even libpq's.
 */
export const CLIENT_DEFAULTS = {
  backoff: 0, // no client connects twice
  debug: false,
  fetch_types: true,
  idle_timeout: 0,
  keep_alive: 0, // the socket sees to it
  max: 1,
  max_lifetime: 0, // the pool sees to it
  max_pipeline: 100,
  onnotice: () => {},
  // Names of statements are kept in a session; who has it is known after the first contact.
  prepare: false,
  publications: "alltables",
  ssl: false,
  sslnegotiation: null,
  types: STORABLE_TYPES,
} as const;

/**
 * What the client is to know of a target. A connection starts with nothing that is a setting of the
 * session but its name, which poolers too take; the rest each transaction is told.
 */
export function clientOptions(
  target: ConnectionTarget,
): postgres.Options<Record<string, never>> {
  const { application_name, startup_options } = target;
  const [first] = target.addresses;
  const options = {
    ...CLIENT_DEFAULTS,
    // Shown in errors; the socket knows where to connect to.
    host: [describeAddress(first!).replace(/:\d+$/, "")],
    port: [first!.port],
    user: target.user,
    pass: () => target.password ?? "",
    database: target.database,
    connect_timeout: CONNECT_MARGIN_S + connectLimitMs(target) / 1000,
    connection: {
      application_name: application_name ?? "alexandria-backfill",
      ...(startup_options === null ? {} : { options: startup_options }),
    },
  };
  return options as unknown as postgres.Options<Record<string, never>>;
}

/** How long all attempts to connect take at most, in ms. */
export function connectLimitMs(target: ConnectionTarget): number {
  return connectionAttempts(target).length * target.connect_timeout_ms;
}
