import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether the sent secret is the configured one, in time that does not depend on how much of it is
 * right: both are hashed first, which also makes their lengths equal.
 */
export function isSecret(sent: string | undefined, configured: string): boolean {
  if (sent === undefined) return false;
  return timingSafeEqual(digest(sent), digest(configured));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
