import { assert, assertFalse } from "@std/assert";
import { isSecret } from "../../src/auth/cron_secret.ts";

Deno.test("isSecret() accepts the configured secret only", () => {
  const configured = "correct horse battery staple";
  assert(isSecret(configured, configured));
  for (const sent of [undefined, "", "correct horse", `${configured} `, configured.toUpperCase()]) {
    assertFalse(isSecret(sent, configured), `accepted ${sent}`);
  }
});
