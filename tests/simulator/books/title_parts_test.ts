import { assertEquals } from "@std/assert";
import { joinTitle, splitTitle } from "../../../src/simulator/books/title_parts.ts";

Deno.test("splitTitle() takes off a bracket that names one volume of a series", () => {
  assertEquals(splitTitle("The Bride (Lairds' Fiancées, #1)"), {
    title: "The Bride",
    subtitle: null,
  });
  assertEquals(
    splitTitle("The Black Box (Harry Bosch, #18; Harry Bosch Universe, #22)").title,
    "The Black Box",
  );
});

Deno.test("splitTitle() keeps a bracket that names several volumes", () => {
  for (
    const raw of [
      "Empire of the East (Empire of the East, #1-3)",
      "The Dark Is Rising Sequence (The Dark Is Rising #1-5)",
      "Saga (Saga, #1, #2)",
    ]
  ) {
    assertEquals(splitTitle(raw).title, raw);
  }
});

Deno.test("splitTitle() keeps a bracket that names no volume", () => {
  assertEquals(
    splitTitle("The Last Summer (of You and Me)").title,
    "The Last Summer (of You and Me)",
  );
});

Deno.test("splitTitle() divides at the first colon that is followed by a space", () => {
  assertEquals(splitTitle("Star Wars: Episode II: Attack"), {
    title: "Star Wars",
    subtitle: "Episode II: Attack",
  });
  assertEquals(splitTitle("10:04"), { title: "10:04", subtitle: null });
});

Deno.test("splitTitle() never empties a title", () => {
  assertEquals(splitTitle("(#1)").title, "(#1)");
});

Deno.test("joinTitle() puts the subtitle after a colon", () => {
  assertEquals(joinTitle({ title: "New Spring", subtitle: "The Novel" }), "New Spring: The Novel");
  assertEquals(joinTitle({ title: "Emma", subtitle: null }), "Emma");
});
