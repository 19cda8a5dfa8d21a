/**
 * Opens an embedded database on the folder it is given, cuts its connection several times, and prints as
 * JSON what the process listened on before and after each cut, and the rows that were kept. A process of
 * its own, because test files that run side by side share one.
 */
import { writeLine } from "../../../src/cli/exit_on_error.ts";
import { openEmbeddedDatabase } from "../../../src/database/embedded/embedded_database.ts";
import { listeningSockets } from "../machine/listening_sockets.ts";

const CUTS = 4;

const sockets = [await listeningSockets(Deno.pid)];
const database = await openEmbeddedDatabase(Deno.args[0]!, { transactionLimitMs: 20 });
const { sql } = database;
await sql`CREATE TABLE kept (id int)`;
let refused = 0;
for (let cut = 0; cut < CUTS; cut++) {
  await sql`INSERT INTO kept VALUES (${cut})`;
  await sql.begin(async (tx) => {
    await tx`DELETE FROM kept`;
    await sql`SELECT 1`; // waits for the transaction it is in
  }).catch(() => refused++);
  sockets.push(await listeningSockets(Deno.pid));
}
const kept = (await sql`SELECT id FROM kept ORDER BY id`).map(({ id }) => id);
await database.close();
writeLine(JSON.stringify({ sockets, refused, kept }));
