import postgres from "postgres";
import {
  type ConnectionTarget,
  describeTarget,
} from "../../domain/connection/connection_target.ts";
import { readConnectionUrl } from "../../domain/connection/connection_url.ts";
import { AppError } from "../../errors.ts";
import { type Backend, beginStatement, terminateStatement } from "../connection/begin_statement.ts";
import { clientOptions, connectLimitMs } from "../connection/client_options.ts";
import { type Database, firstContact, type OpenOptions } from "../connection/connection.ts";
import { ConnectionPool } from "../connection/connection_pool.ts";
import { createStateReader } from "../connection/database_state.ts";
import { guardClient } from "../connection/guarded_client.ts";
import { adviceOnRefusal } from "./refusal_advice.ts";
import { readCertificates } from "./server_socket.ts";
import { openServerStream } from "./server_stream.ts";
import type { ParsedOptions } from "../connection/single_connection.ts";

/** The longest statements of ours, which store a month, take a second. */
const STATEMENT_LIMIT_MS = 30_000;
/** By so much the answer may come later than the server's own limit. */
const MARGIN = 1 / 6;
/** The part of a statement's time that may pass before the answer to what waits for nobody. */
const BEGIN_PART = 1 / 3;

/** A database that has not answered for so long does not matter to a service that is stopping. */
const HURRY_MS = 2_000;
const CLOSE_MS = 5_000;

/**
 * After these errors no present connection is used again. SQLSTATE 25006 (a write where none is
 * allowed): sessions keep what their server was when they began. 26000 and 42P05 (the name of a
 * statement is not known, or taken): a pooler has mixed up sessions. And where one connection has
 * fallen silent, the others will have too.
 */
const ENDS_CONNECTIONS = /^(25006|26000|42P05|DATABASE_READ_ONLY|CONNECTION_SILENT)$/;
const MIXED_SESSIONS = /^(26000|42P05)$/;

/**
 * Connects to a Postgres server and proves the connection with one query. A URL stands for itself,
 * without the variables of the environment that a target may have been completed with.
 *
 * Behind a pooler, which is known by a parameter of the URL or by itself, statements are sent without
 * names and one message after the other's answer, since names belong to sessions.
 *
 * Throws `AppError` DATABASE_UNREACHABLE with what to do when the server does not answer or refuses,
 * CONFIG_INVALID when the URL or a file it names cannot be used.
 */
export async function openServerDatabase(
  where: string | ConnectionTarget,
  { maxConnections = 10, statementLimitMs = STATEMENT_LIMIT_MS, searchPath, onChange = () => {} }:
    & OpenOptions
    & { maxConnections?: number; statementLimitMs?: number } = {},
): Promise<Database> {
  const target = targetOf(where);
  const certificates = await readCertificates(target);
  const template = postgres(clientOptions(target));
  const options = template.options as unknown as ParsedOptions;
  const answerMs = statementLimitMs * (1 + MARGIN);
  const silence = { connect: connectLimitMs(target), begin: answerMs, statement: answerMs };
  const pool = new ConnectionPool({
    options,
    open: () => openServerStream(target, certificates),
    limits: silence,
    maxConnections: Math.min(maxConnections, target.connection_limit ?? maxConnections),
  });
  let isPooled = true;
  let isWriting = true;
  const sql = guardClient(template, pool, {
    async begin(connection): Promise<void> {
      const isBackendAsked = isPooled || connection.backend === null;
      const text = beginStatement({
        statementLimitMs,
        idleLimitMs: answerMs,
        isWriting,
        settings: {
          ...target.settings,
          ...(searchPath === undefined ? {} : { search_path: searchPath }),
        },
        isBackendAsked,
      });
      for (const backend of pool.leftBehind) {
        const terminate = terminateStatement(backend, { isOwn: !isPooled });
        // What the server does not permit it may be left to do by itself; work goes on.
        await connection.execute(terminate, "begin").catch(() => {});
        if (!connection.isLost) pool.leftBehind.delete(backend);
      }
      const answers = await connection.execute(text, "begin");
      if (isBackendAsked) connection.backend = backendOf(answers);
    },
    singles: () => isPooled ? "in turn" : "as a whole",
    onError(error) {
      const code = codeOf(error);
      if (MIXED_SESSIONS.test(code)) takeAsPooled(true);
      if (ENDS_CONNECTIONS.test(code)) pool.retireAll();
    },
  });
  const takeAsPooled = (is: boolean): void => {
    isPooled = is;
    options.prepare = !is;
    silence.begin = is ? answerMs : statementLimitMs * BEGIN_PART;
  };
  const contact = async (): Promise<void> => {
    const { hasOwnSession } = await firstContact(sql);
    takeAsPooled(target.is_pooled || !hasOwnSession);
  };
  const location = describeTarget(target);
  try {
    await contact().catch(async (error) => {
      if (codeOf(error) !== "DATABASE_READ_ONLY") throw error;
      isWriting = false; // for commands that only read, which a standby is good enough for
      await contact();
    });
  } catch (error) {
    await pool.end(0);
    // Here it is the operator who asks: the server's own words say most.
    const reason = error instanceof Error ? error.message : String(error);
    const advice = adviceOnRefusal(error, target);
    throw new AppError(
      "DATABASE_UNREACHABLE",
      `Cannot use the database at ${location}: ${reason}${advice}. Check that it runs and that ` +
        `DATABASE_URL is right (unset it to use the embedded database)`,
      { cause: error },
    );
  }
  return {
    sql,
    kind: "server",
    location,
    get is_pooled() {
      return isPooled;
    },
    trouble: createStateReader(sql, { onChange }),
    async execute(command): Promise<void> {
      await pool.use((connection) => connection.execute(command));
    },
    hurry: () => pool.hurry(HURRY_MS),
    close: () => pool.end(CLOSE_MS),
  };
}

/** What the last of several statements that were sent together answered. */
function backendOf(answers: unknown): Backend {
  const [row] = (answers as readonly (readonly Backend[])[]).at(-1)!;
  return row!;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function targetOf(where: string | ConnectionTarget): ConnectionTarget {
  if (typeof where !== "string") return where;
  const read = readConnectionUrl(where);
  if ("target" in read) return read.target;
  throw new AppError("CONFIG_INVALID", `DATABASE_URL ${read.problem}`);
}
