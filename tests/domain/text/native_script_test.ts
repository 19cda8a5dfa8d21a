import { assertEquals } from "@std/assert";
import {
  romanised,
  withoutGloss,
  withPlainVolume,
} from "../../../src/domain/text/native_script.ts";
import { parseTitle } from "../../../src/domain/titles/parse_title.ts";
import { compareTitles } from "../../../src/domain/titles/title_score.ts";

Deno.test("withPlainVolume() reads volumes counted in Chinese characters", () => {
  const cases = [
    ["ナルト 第3巻", "ナルト vol 3"],
    ["NARUTO 巻ノ十一", "NARUTO vol 11"],
    ["犬夜叉 第二十巻", "犬夜叉 vol 20"],
    ["犬夜叉 第九十九巻", "犬夜叉 vol 99"],
    ["犬夜叉 四巻", "犬夜叉 vol 4"],
    ["犬夜叉 12巻", "犬夜叉 vol 12"],
    // No numbers of a volume.
    ["犬夜叉 二三巻", "犬夜叉 二三巻"],
    ["全集", "全集"],
    ["三部作", "三部作"],
  ] as const;
  for (const [title, plain] of cases) assertEquals(withPlainVolume(title), plain);
});

Deno.test("withoutGloss() drops a reading in kana only behind a name in Latin letters", () => {
  assertEquals(withoutGloss("NARUTO -ナルト- 巻ノ十一"), "NARUTO 巻ノ十一");
  assertEquals(withoutGloss("BLEACH（ブリーチ）3"), "BLEACH 3");
  for (const title of ["めるぷり メルヘン☆プリンス 1", "Catch-22", "Alex – a life – in parts"]) {
    assertEquals(withoutGloss(title), title);
  }
});

Deno.test("romanised() leaves texts alone that are Latin already", () => {
  assertEquals(romanised("das schloss"), null);
  assertEquals(romanised("雪国"), null);
  assertEquals(romanised("лолита"), "lolita");
});

Deno.test("compareTitles() finds names that only change their letters", () => {
  const same = [
    ["Анна Каренина", "Anna Karenina"],
    ["Лолита", "Lolita"],
    ["Лолита", "The Lolita"],
    ["BLEACH―ブリーチ―　3", "Bleach, Volume 03"],
    ["NARUTO -ナルト- 巻ノ十一", "Naruto, Vol. 11"],
  ] as const;
  for (const [asked, given] of same) {
    const { score } = compareTitles(parseTitle(asked), parseTitle(given));
    assertEquals(score >= 0.95, true, `${asked} is ${given}, with ${score}`);
  }
  const other = [
    ["Бесы", "Demons"],
    ["Анна Каренина", "Anna Karenina: A Study Guide"],
    ["BLEACH―ブリーチ―　3", "Bleach, Volume 04"],
    ["NARUTO -ナルト- 巻ノ十一", "Naruto, Vol. 1"],
  ] as const;
  for (const [asked, given] of other) {
    const { score } = compareTitles(parseTitle(asked), parseTitle(given));
    assertEquals(score < 0.85, true, `${asked} is not ${given}, with ${score}`);
  }
});
