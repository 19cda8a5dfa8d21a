import type { ConnectionTarget } from "../../domain/connection/connection_target.ts";

/** SQLSTATEs: no line of pg_hba.conf allows the connection; the password is wrong. */
const NOT_ALLOWED = "28000";
const WRONG_PASSWORD = "28P01";

/** Words of poolers about what they give each statement, and what they do not take at the start. */
const STATEMENT_POOLING = /statement pooling mode/i;
const REFUSED_PARAMETER = /unsupported startup parameter:? "?(\w+)/i;

/** Words poolers and hosted servers use when they want encryption. */
const ABOUT_ENCRYPTION = /\b(ssl|tls|insecure|encrypt\w*)\b/i;

/** What to change in DATABASE_URL when a server refused a connection; empty when nothing is known. */
export function adviceOnRefusal(error: unknown, target: ConnectionTarget): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  if (error.code === WRONG_PASSWORD && target.password === null) {
    return " (DATABASE_URL holds no password, and PGPASSWORD is not set)";
  }
  if (STATEMENT_POOLING.test(error.message)) {
    return " (the pooler in between gives each statement another session: set its pool_mode to " +
      "transaction or session, or connect past it)";
  }
  const parameter = REFUSED_PARAMETER.exec(error.message)?.[1];
  if (parameter !== undefined) {
    return ` (a pooler in between does not take ${parameter} as a connection starts: leave it out of ` +
      `DATABASE_URL, have the pooler ignore it, or connect past it)`;
  }
  if (error.code !== NOT_ALLOWED && !ABOUT_ENCRYPTION.test(error.message)) return "";
  const [address] = target.addresses;
  if (address?.kind !== "tcp" || /sslmode/.test(error.message)) return "";
  return address.ssl_mode === "disable"
    ? " (the connection was not encrypted: with sslmode=require in DATABASE_URL it is)"
    : " (the connection was encrypted: with sslmode=disable in DATABASE_URL it is not)";
}
