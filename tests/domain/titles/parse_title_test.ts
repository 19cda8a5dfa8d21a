import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { parseTitle, titleKey } from "../../../src/domain/titles/parse_title.ts";

Deno.test("parseTitle() separates title and subtitle at every kind of separator", () => {
  const titles = [
    "The Salt Ledger: A History of Tides",
    "The Salt Ledger - A History of Tides",
    "The Salt Ledger — A History of Tides",
    "The salt ledger : a history of tides",
    "The Salt Ledger; a History of Tides",
  ];
  for (const title of titles) {
    const parts = parseTitle(title);
    assertEquals(parts.main, "salt ledger", title);
    assertEquals(parts.subtitle, "a history of tides", title);
  }
  assertEquals(parseTitle("The Salt Ledger", "A History of Tides").subtitle, "a history of tides");
});

Deno.test("parseTitle() does not split times, hyphens and slashes inside words", () => {
  for (const title of ["4:50 from Paddington", "Catch-22", "11/22/63"]) {
    assertEquals(parseTitle(title).subtitle, null, title);
  }
});

Deno.test("parseTitle() drops tails that say nothing about which book it is", () => {
  const titles = [
    "Salt Ledger: A Novel",
    "Salt Ledger, a novel",
    "Salt Ledger, 1st Edition",
    "Salt Ledger: A Voyage of the Iron Gull Novel",
    "Salt Ledger: A Novel of Suspense",
    "Salt Ledger: A Memoir",
    "Salt Ledger: Stories",
    "Salt Ledger: Roman",
    "Salt Ledger: 10th Anniversary Edition",
    "Salt Ledger - A Harry Quill Novel",
    "Salt Ledger (Paperback)",
  ];
  for (const title of titles) assertEquals(parseTitle(title).full, "salt ledger", title);
});

Deno.test("parseTitle() drops the leading article of six languages", () => {
  const pairs: [string, string][] = [
    ["The Trial", "trial"],
    ["An Echo", "echo"],
    ["Le Petit Prince", "petit prince"],
    ["L'Étranger", "letranger"],
    ["Les Misérables", "miserables"],
    ["La sombra del viento", "sombra del viento"],
    ["El amor en los tiempos", "amor en los tiempos"],
    ["Die Blechtrommel", "blechtrommel"],
    ["Der Prozess", "prozess"],
    ["Il nome della rosa", "nome della rosa"],
    ["Os Maias de Lisboa", "maias de lisboa"],
  ];
  for (const [title, main] of pairs) assertEquals(parseTitle(title).main, main);
  assertEquals(parseTitle("I, Robot").main, "i robot");
  assertEquals(parseTitle("I, Alex Cross").main, "i alex cross");
});

Deno.test("parseTitle() reads the place in a series from brackets", () => {
  const read = (title: string) => parseTitle(title).series;
  assertEquals(read("The Bride (Lairds' Fiancées, #1)"), [
    { name: "lairds fiancees", numbers: ["1"], isRange: false },
  ]);
  assertEquals(read("Lost Light (Harry Bosch, #9; Harry Bosch Universe, #11)"), [
    { name: "harry bosch", numbers: ["9"], isRange: false },
    { name: "harry bosch universe", numbers: ["11"], isRange: false },
  ]);
  assertEquals(read("Rise of Empire (The Riyria Revelations, #3-4)"), [
    { name: "riyria revelations", numbers: ["3", "4"], isRange: true },
  ]);
  assertEquals(read("A Tale (Saga Book 4.5)"), [{
    name: "saga",
    numbers: ["4.5"],
    isRange: false,
  }]);
  assertEquals(parseTitle("(500) Days of Summer").main, "500 days of summer");
});

Deno.test("parseTitle() writes volume marks as one number, whatever they are called", () => {
  const titles = [
    "Naruto, Vol. 3",
    "Naruto Volume Three",
    "Naruto, v. 3",
    "Naruto 3",
    "Naruto III",
  ];
  for (const title of [...titles, "Naruto: Vol. 03"]) {
    assertEquals(parseTitle(title).full, "naruto 3", title);
  }
  assertEquals(parseTitle("ナルト 第3巻").full, "ナルト 3");
  assertEquals(parseTitle("Henry IV, Part 1").full, "henry iv 1");
});

Deno.test("parseTitle() keeps titles of other scripts and of signs", () => {
  assertEquals(parseTitle("ماهی سیاه کوچولو").main.split(" ").length, 3);
  assertEquals(parseTitle("三体").main, "三体");
  assertEquals(parseTitle("Преступление и наказание").main, "преступление и наказание");
  assertEquals(parseTitle("?!").main, "?!");
});

Deno.test("titleKey() is shared by spellings of one title and not by volumes", () => {
  assertEquals(titleKey("THE SALT LEDGER: a novel"), titleKey("Salt Ledger"));
  assertEquals(titleKey("Nineteen Eighty-Four"), titleKey("1984"));
  assertNotEquals(titleKey("Naruto, Vol. 3"), titleKey("Naruto, Vol. 4"));
  assert(titleKey("Die") !== "");
});
