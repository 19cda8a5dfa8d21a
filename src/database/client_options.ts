import type postgres from "postgres";
import { connectionAttempts } from "../domain/connection_attempts.ts";
import { type ConnectionTarget, describeAddress } from "../domain/connection_target.ts";

/** So that the socket, which can say more, gives up before the client does. */
const CONNECT_MARGIN_S = 1;

/**
 * The client's own defaults, as of postgres.js 3.4.9. What it is not told it looks for in the
 * environment, under names that begin with PG, of which some are not even libpq's.
 */
export const CLIENT_DEFAULTS = {
  backoff: (retries: number): number =>
    (0.5 + Math.random() / 2) * Math.min(3 ** retries / 100, 20),
  debug: false,
  fetch_types: true,
  idle_timeout: 0,
  keep_alive: 0, // the socket sees to it
  max_lifetime: (): number => 60 * (30 + Math.random() * 30),
  max_pipeline: 100,
  prepare: true,
  publications: "alltables",
  ssl: false,
  sslnegotiation: null,
} as const;

/**
 * What the client is to know of a target. Settings of the session come from `shared` and the target
 * alone; those of `shared`, which this service relies on, outdo the target's.
 */
export function clientOptions(
  target: ConnectionTarget,
  shared: postgres.Options<Record<string, never>>,
  { connections }: { connections: number },
): postgres.Options<Record<string, never>> {
  const { application_name, settings, startup_options } = target;
  const [first] = target.addresses;
  const options = {
    ...CLIENT_DEFAULTS,
    ...shared,
    // Shown in errors; the socket knows where to connect to.
    host: [describeAddress(first!).replace(/:\d+$/, "")],
    port: [first!.port],
    user: target.user,
    pass: () => target.password ?? "",
    database: target.database,
    max: connections,
    prepare: !target.is_pooled,
    connect_timeout: CONNECT_MARGIN_S +
      connectionAttempts(target).length * target.connect_timeout_ms / 1000,
    connection: {
      ...settings,
      ...(startup_options === null ? {} : { options: startup_options }),
      ...shared.connection,
      ...(application_name === null ? {} : { application_name }),
    },
  };
  return options as unknown as postgres.Options<Record<string, never>>;
}
