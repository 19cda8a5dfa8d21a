import type { ConnectionTarget } from "../domain/connection_target.ts";

/** SQLSTATEs: no line of pg_hba.conf allows the connection; the password is wrong. */
const NOT_ALLOWED = "28000";
const WRONG_PASSWORD = "28P01";

/** Words poolers and hosted servers use when they want encryption. */
const ABOUT_ENCRYPTION = /\b(ssl|tls|insecure|encrypt\w*)\b/i;

/** What to change in DATABASE_URL when a server refused a connection; empty when nothing is known. */
export function adviceOnRefusal(error: unknown, target: ConnectionTarget): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  if (error.code === WRONG_PASSWORD && target.password === null) {
    return " (DATABASE_URL holds no password, and PGPASSWORD is not set)";
  }
  if (error.code !== NOT_ALLOWED && !ABOUT_ENCRYPTION.test(error.message)) return "";
  const [address] = target.addresses;
  if (address?.kind !== "tcp" || /sslmode/.test(error.message)) return "";
  return address.ssl_mode === "disable"
    ? " (the connection was not encrypted: with sslmode=require in DATABASE_URL it is)"
    : " (the connection was encrypted: with sslmode=disable in DATABASE_URL it is not)";
}
