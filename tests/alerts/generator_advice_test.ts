import { assertStringIncludes } from "@std/assert";
import { adviceAbout } from "../../src/alerts/generator_advice.ts";
import { GENERATORS } from "../../src/domain/providers/provider_records.ts";

Deno.test("adviceAbout() names the setting of the generator that is to be looked at", () => {
  for (const { name, generator: { key_setting, model_setting } } of GENERATORS) {
    assertStringIncludes(adviceAbout(name, "PROVIDER_KEY_REFUSED"), `Check ${key_setting} `);
    assertStringIncludes(adviceAbout(name, "PROVIDER_REJECTED_REQUEST"), `Check ${model_setting}:`);
    assertStringIncludes(adviceAbout(name, "PROVIDER_OUT_OF_CREDIT"), "Buy credit");
  }
});
