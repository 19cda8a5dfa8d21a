import { assertEquals } from "@std/assert";
import { userAgent } from "../../../src/providers/resolvers/user_agent.ts";

Deno.test("userAgent() names this client only together with a contact", () => {
  assertEquals(userAgent("ops@example.org"), "AlexandriaBackfill/1.0 (ops@example.org)");
  assertEquals(userAgent("https://example.org"), "AlexandriaBackfill/1.0 (https://example.org)");
  assertEquals([userAgent(null), userAgent(""), userAgent("the operator")], ["", "", ""]);
});
