import { readReplies } from "./read_replies.ts";
import { replay } from "./replay.ts";

/**
 * A folder of replies as services really gave them, which may not ship with the project; without it
 * only the ones made here are replayed.
 */
const RECORDED_REPLIES = Deno.env.get("RECORDED_REPLIES");

const folders = [
  new URL("./made/", import.meta.url),
  ...(RECORDED_REPLIES ? [new URL(`file://${Deno.realPathSync(RECORDED_REPLIES)}/`)] : []),
];

for (const folder of folders) {
  for (const reply of await readReplies(folder)) {
    Deno.test(`${reply.file}: ${reply.what_is_special}`, () => replay(reply));
  }
}

if (!RECORDED_REPLIES) {
  Deno.test.ignore("RECORDED_REPLIES names no folder of real replies to replay as well", () => {});
}
