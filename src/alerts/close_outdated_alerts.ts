import type { Clock } from "../clock.ts";
import { listOpenAlerts } from "../database/alerts/alerts.ts";
import type { Database } from "../database/connection/connection.ts";
import type { ProviderLineup } from "../domain/providers/provider_lineup.ts";
import type { Log } from "../log.ts";
import { endAlerts } from "./open_and_close.ts";

/**
 * Closes the alerts that this process was started to answer: about a generator, a resolver or a provider
 * of second opinions that is not set up any more, and about there being no generator. All others are
 * closed by whoever sees their cause go.
 */
export async function closeOutdatedAlerts(
  { database, clock, log, lineup }: {
    readonly database: Pick<Database, "sql">;
    readonly clock: Clock;
    readonly log: Log;
    readonly lineup: ProviderLineup;
  },
): Promise<void> {
  const names: readonly string[] = lineup.generators.map(({ name }) => name);
  const resolvers: readonly string[] = lineup.resolvers.flat().map(({ name }) => name);
  const outdated = (await listOpenAlerts(database.sql)).filter(({ kind, subject }) =>
    kind === "no_generator" && names.length > 0 ||
    kind === "generator_refused" && !names.includes(subject) ||
    kind === "other_host" && !resolvers.includes(subject) ||
    kind === "isbns_unchecked" && subject !== lineup.checker?.name
  );
  await endAlerts(database.sql, { alerts: outdated, at: clock.sqlNow() }, { log });
}
