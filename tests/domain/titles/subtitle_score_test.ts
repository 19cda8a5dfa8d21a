import { assertEquals } from "@std/assert";
import {
  compareSubtitles,
  explainsTitle,
  surelyExplainsTitle,
} from "../../../src/domain/titles/subtitle_score.ts";

Deno.test("explainsTitle() tells what explains a title from a title of its own", () => {
  for (
    const subtitle of [
      "the story of success",
      "a world history",
      "how the world ends",
      "memoirs of a swimmer",
      "1914 1918",
      "the girl who kicked the hornets nest and lived with it",
    ]
  ) assertEquals(explainsTitle(subtitle), true, subtitle);
  for (
    const title of [
      "catching fire",
      "keys to the demon prison",
      "the ballad of songbirds and snakes",
      "the mapping of love and death",
      "omen",
    ]
  ) assertEquals(explainsTitle(title), false, title);
});

Deno.test("surelyExplainsTitle() leaves open what may be a title as well", () => {
  assertEquals(surelyExplainsTitle("a world war ii story of survival"), true);
  assertEquals(surelyExplainsTitle("or the whale"), true);
  for (const open of ["ghost story", "a wanted man", "how the light gets in", "mystery"]) {
    assertEquals(explainsTitle(open), true, open);
    assertEquals(surelyExplainsTitle(open), false, open);
  }
});

Deno.test("compareSubtitles() takes two that each keep a word for siblings", () => {
  const siblings = [
    ["legacy of the force inferno", "legacy of the force tempest"],
    ["the city of owls", "the court of owls"],
    ["rise of the horde", "arthas rise of the lich king"],
    ["guide to redstone", "guide to creative"],
    ["scary maine stories based on maine truths", "scary texas stories based on texas truths"],
    ["tales from a not so popular party girl", "tales from a not so fabulous life"],
    ["the quest", "the quest 2"],
  ] as const;
  for (const [asked, given] of siblings) {
    assertEquals(compareSubtitles(asked, given).agreement, "conflict", `${asked} / ${given}`);
    assertEquals(compareSubtitles(given, asked).agreement, "conflict", `${given} / ${asked}`);
  }
});

Deno.test("compareSubtitles() knows a subtitle cut short, misspelt or with a word more", () => {
  const same = [
    ["nine tales", "nine wicked tales"],
    ["how leaders make everyone smarter", "how leaders make everyone smart"],
    ["the epic story", "the epic story of a migration"],
  ] as const;
  for (const [asked, given] of same) {
    const { agreement, needs } = compareSubtitles(asked, given);
    assertEquals([agreement === "conflict", needs], [false, null], `${asked} / ${given}`);
  }
});

Deno.test("compareSubtitles() wants the very year for two explanations in words of their own", () => {
  const { needs, reason } = compareSubtitles(
    "the secret life and turbulent future of water",
    "the marvels mysteries and madness shaping the new era of water",
  );
  assertEquals([needs, reason], ["exact_year", "another subtitle"]);
});
