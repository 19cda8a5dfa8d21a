import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { parseTitle } from "../../../src/domain/titles/parse_title.ts";
import { SAME_TITLE } from "../../../src/domain/titles/title_match.ts";
import { compareTitles } from "../../../src/domain/titles/title_score.ts";

function compare(asked: string, given: string) {
  return compareTitles(parseTitle(asked), parseTitle(given));
}

function assertSame(pairs: readonly (readonly [string, string])[]): void {
  for (const [asked, given] of pairs) {
    const match = compare(asked, given);
    const description = `${asked} / ${given}: ${JSON.stringify(match)}`;
    assert(match.score >= SAME_TITLE && match.agreement !== "conflict", description);
  }
}

function assertOther(pairs: readonly (readonly [string, string])[]): void {
  for (const [asked, given] of pairs) {
    const match = compare(asked, given);
    const description = `${asked} / ${given}: ${JSON.stringify(match)}`;
    assert(match.score < SAME_TITLE || match.agreement === "conflict", description);
  }
}

Deno.test("compareTitles() overlooks case, accents, punctuation, articles and written numbers", () => {
  assertSame([
    ["THE SALT LEDGER", "Salt Ledger"],
    ["Les Misérables", "Les Miserables"],
    ["D.N.Angel", "D. N. Angel"],
    ["The Yellow Wallpaper", "The Yellow Wall-Paper"],
    ["The Rose & the Dagger", "The Rose and the Dagger"],
    ["Nineteen Eighty-Four", "1984"],
    ["Twenty Thousand Leagues Under the Sea", "20,000 Leagues under the Sea"],
    ["Fourth of July", "4th of July"],
  ]);
});

Deno.test("compareTitles() accepts subtitles left out, cut, reworded or run on", () => {
  assertSame([
    ["The DUFF", "The DUFF: Designated Ugly Fat Friend"],
    ["The Plant Messiah: Adventures in Search of Rare Species", "The Plant Messiah"],
    [
      "The Warmth of Other Suns: The Epic Story",
      "The Warmth of Other Suns: The Epic Story of a Migration",
    ],
    ["Chaos Making a New Science", "Chaos: Making a New Science"],
    ["Moby-Dick; or, The Whale", "Moby Dick"],
    ["Who Moved My Ledger? An Amazing Way to Count", "Who Moved My Ledger?"],
    ["Grit: The Power of Passion and Perseverance", "Grit: Passion, Perseverance, and Power"],
  ]);
});

Deno.test("compareTitles() keeps parts of one series apart", () => {
  assertOther([
    ["High Druid: Jarka Ruus", "High Druid: Straken"],
    ["Naruto, Vol. 3", "Naruto, Vol. 4"],
    ["Naruto, Vol. 967", "Naruto (Naruto, #1)"],
    ["Naruto, Vol. 967", "Naruto"],
    ["Saga, Book Two", "Saga, Book Three"],
    ["Y: The Last Man, Vol. 3: One Small Step", "Y: The Last Man, Vol. 1: Unmanned"],
    ["Mouse Guard: Fall 1152", "Mouse Guard: Winter 1152"],
    ["Fifth Grave Past the Light", "Sixth Grave Past the Light"],
    ["P is for Peril", "Q is for Peril"],
    ["Plan B", "Plan A"],
    ["Richard II", "Richard III"],
    ["Batman: Hush, Vol. 2", "Batman: Hush"],
    ["The Wheel: Boxed Set (Wheel, #1-3)", "The Wheel: Boxed Set (Wheel, #1-8)"],
    [
      "Winnie-the-Pooh & The House at Pooh Corner",
      "The House at Pooh Corner (Winnie-the-Pooh, #2)",
    ],
    ["His Dark Materials 1: The Golden Compass", "His Dark Materials (His Dark Materials, #1-3)"],
  ]);
});

Deno.test("compareTitles() recognises a title behind or in front of its series", () => {
  assertSame([
    ["Rizzoli & Isles: Die Again", "Die Again"],
    ["Alex Rider: Stormbreaker", "Stormbreaker (Alex Rider, #1)"],
    ["Jarka Ruus", "High Druid of Shannara: Jarka Ruus"],
    ["Plainsong 2: Eventide", "Eventide (Plainsong, #2)"],
    ["Catching Fire (The Hunger Games, #2)", "Catching Fire, Book 2"],
    ["Naruto 3", "Naruto (Naruto, #3)"],
    ["Artemis Fowl", "Artemis Fowl (Artemis Fowl, #1)"],
    ["The Lion (Narnia, #1)", "The Lion (Narnia, #2)"],
  ]);
});

Deno.test("compareTitles() forgives slips of the keys and nothing larger", () => {
  assertSame([
    ["Dar Side of the Mon", "Dark Side of the Moon"],
    ["The Kig's Aegnt", "The King's Agent"],
    ["Teh Night Strangers", "The Night Strangers"],
    ["Look Alive Tweny-Five", "Look Alive Twenty-Five"],
    ["Tles rFom the Hood", "Tales From the Hood"],
  ]);
  assertOther([
    ["My Soul to Take", "My Soul to Save"],
    ["Sudden Prey", "Hidden Prey"],
    ["Naked Prey", "Masked Prey"],
    ["Private", "Private L. A."],
    ["Dark Fire", "Dark Fury"],
    ["Salvation in Death", "Creation in Death"],
    ["Gone", "Gore"],
  ]);
  const near = compare("Dar Side of the Mon", "Dark Side of the Moon");
  assertEquals(near.agreement, "near");
  assertLessOrEqual(near.score, compare("Dark Side of the Moon", "Dark Side of the Moon").score);
});

Deno.test("compareTitles() gives one word of a title little weight", () => {
  const behind = compare("Persuasion", "Darkness: Persuasion");
  assertEquals([behind.agreement, behind.needs], ["segment", "near_year"]);
  assertGreater(compare("Persuasion", "Persuasion").score, behind.score);
  assertOther([["Chaos", "The Chaos of Standing Still"], ["Beloved", "My Beloved World"]]);
});

Deno.test("compareTitles() does not take words in common for a title", () => {
  assertOther([
    ["The Way Last Romantics", "The Last Romantics"],
    ["The School for Numbers Game", "The Numbers Game"],
    ["A Short History of Its Cover", "A Short History of Nearly Everything"],
  ]);
});

Deno.test("compareTitles() finds every title identical to itself, in any dress", () => {
  const word = fc.constantFrom(
    "salt",
    "ledger",
    "winter",
    "Ångström",
    "three",
    "noir",
    "海",
    "тень",
  );
  const title = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(" "));
  fc.assert(fc.property(title, title, (a, b) => {
    assertEquals(compare(a, a).score, 1);
    assertEquals(compare(a, ` ${a.toUpperCase()}! `).score, 1);
    const match = compare(a, b);
    assert(match.score >= 0 && match.score <= 1);
    assertEquals(match.score, compare(b, a).score);
  }));
});

Deno.test("compareTitles() does not take a series or its first part for the part asked for", () => {
  assertOther([
    ["The Salt Books: Low Tide", "The Salt Books (The Salt Books, #1)"],
    ["The Salt Books: Low Tide", "The Salt Books (Salt Books, #1-4)"],
    ["The Salt Books: Low Tide", "The Salt Books: #1-4"],
    ["Tide (Salt Chronicle, Vol. 14)", "Tide: Salt Chronicle, Vol. 16"],
    ["Ledgers: Volume 701", "Ledgers #1 - Ledgers"],
    ["Lledger", "Ledger: Tall Tales"],
  ]);
  assertSame([
    ["The Salt Books: Low Tide (The Salt Books, #1)", "The Salt Books (The Salt Books, #1)"],
    ["Tide (Salt Chronicle, Vol. 14)", "Tide: Salt Chronicle, Vol. 14"],
    ["Sin City, Vol. 2: A Dame", "Sin City, Vol. 2: A Dame: Sin City, Book 2"],
  ]);
});

Deno.test("compareTitles() knows a record that lacks the subtitle asked for", () => {
  const agreementOf = (asked: string, given: string) => compare(asked, given).agreement;
  assertEquals(agreementOf("The Salt Books: Low Tide", "The Salt Books"), "stem");
  // A long subtitle, a number in front or a place in a series behind shows where the title stands.
  const explained = "The Salt Books: How Four Friends Wrote Everything Down";
  assertEquals(compare(explained, "The Salt Books").needs, null);
  assertEquals(compare("The Salt Books: Low Tide", "The Salt Books").needs, "another_record");
  assertEquals(agreementOf("The Ledger II: Low Tide", "The Ledger II"), "main");
  assertEquals(agreementOf("Low Tide: The Salt Books, Book 14", "Low Tide"), "full");
});
