import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { pauseBackfill, readPause } from "../../src/database/scheduling/pause.ts";
import { PAUSED_BY_CAP } from "../../src/domain/money/cost_cap.ts";
import { createLog } from "../../src/log.ts";
import { liftCostPause } from "../../src/spending/lift_cost_pause.ts";
import { databaseTest } from "../support/postgres/databases.ts";

databaseTest(
  "a pause whose alert was deleted by hand is a cap's to lift, never a person's",
  async (database) => {
    const cost_caps = { max_cost_per_day_usd: null, max_cost_per_run_usd: null };
    const context = {
      database,
      clock: systemClock,
      log: createLog(),
      cost_caps,
      lineup: { generators: [], resolvers: [], checker: null },
      model_prices: {},
    };
    await pauseBackfill(database.sql, { by: "operator", reason: "moving house", at: null });
    assertEquals(await liftCostPause(context), false);
    assertEquals((await readPause(database.sql))?.by, "operator");

    await database.sql`UPDATE control SET paused_by = ${PAUSED_BY_CAP}`;
    assertEquals(await liftCostPause(context), true);
    assertEquals(await readPause(database.sql), null);
  },
);
