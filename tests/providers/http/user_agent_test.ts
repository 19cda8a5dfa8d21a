import { assert, assertEquals } from "@std/assert";
import { openUserAgent } from "../../../src/providers/http/user_agent.ts";
import { createAdmission } from "../../../src/simulator/open_library/open_library_admission.ts";
import { systemClock } from "../../../src/clock.ts";

Deno.test("openUserAgent() gives the contact with the name", () => {
  assertEquals(openUserAgent("ops@example.org"), "AlexandriaBackfill/1.0 (ops@example.org)");
  assertEquals(
    openUserAgent("https://example.org"),
    "AlexandriaBackfill/1.0 (https://example.org)",
  );
});

Deno.test("openUserAgent() names a robot where there is no contact, which no service turns away", () => {
  const admit = createAdmission({ clock: systemClock, enforceRates: false });
  assertEquals(admit("AlexandriaBackfill/1.0"), "forbidden");
  for (const contact of [null, "", "the operator"]) {
    const agent = openUserAgent(contact);
    assert(/AlexandriaBackfillBot\b/.test(agent), agent);
    assertEquals(admit(agent), "welcome");
  }
});
