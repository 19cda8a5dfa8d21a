// About parse_book_list.ts, json_repair.ts
import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import { assertEquals } from "@std/assert";
import { parseBookList } from "../../../src/domain/answers/parse_book_list.ts";

const EMMA = { title: "Emma", author: "Jane Austen", month: 12, ...NO_SERIES };
const SALT = { title: "The Salt Ledger", author: "Mara Quill", month: 3, ...NO_SERIES };
const BOTH = [EMMA, SALT];
const DRAFT = '{"books":[{"title":"Invented","author":"Nobody Real","month":1}]}';
const FINAL = JSON.stringify({ books: BOTH });
const ITEMS = BOTH.map((book) => JSON.stringify(book));

/** Title, author and month of every book read, or the kind of a result that holds none. */
function read(text: string): unknown {
  const result = parseBookList(text, { maxBooks: 20 });
  return result.kind === "books" ? result.books : result.kind;
}

Deno.test("parseBookList() reads complete answers whose JSON is malformed", () => {
  const emma = '{"title":"Emma","author":"Jane Austen","month":12}';
  const salt = '{"title":"The Salt Ledger","author":"Mara Quill","month":3}';
  for (
    const text of [
      `{"books":[${emma} ${salt}]}`,
      `{"books":[${emma},,${salt}]}`,
      `{"books":[${emma};${salt}]}`,
      `{"books":[${emma},${salt},],}`,
      `{"books":[${emma},${salt}}`,
      `{"books":[${emma},${salt}]`,
      `{"books":[${emma},${salt}`,
      `{"books":[${emma},${salt}]}}`,
      `{{"books":[${emma},${salt}]}}`,
      `{"books" = [${emma},${salt}]}`,
      `"books": [${emma},${salt}]`,
      `{"books":[${emma},${salt}, ...]}`,
      `{"books":[${emma},\n  ... (18 more)\n${salt}]}`,
      `{"books":[${emma}, // the best\n /* and */ ${salt}]}`,
      `{"books":[${emma}, # the best\n ${salt}] # all I know\n}`,
      `{"books":[1. ${emma}, 2. ${salt}]}`,
      `{'books':[{'title':'Emma','author':'Jane Austen','month':12},{'title':'The Salt Ledger','author':'Mara Quill','month':3}], 'complete': True, 'note': None}`,
      `{books:[{title:"Emma",author:"Jane Austen",month:12},{title:"The Salt Ledger",author:"Mara Quill",month:3}]}`,
      FINAL.replaceAll('"', "”"),
      FINAL.replace('{"title":"Emma"', "{“title”:“Emma”"),
      FINAL.replaceAll('"', "&quot;"),
      FINAL.replaceAll('"', '\\"'),
      JSON.stringify(FINAL),
      `\uFEFF${FINAL}`,
      FINAL.replace('"Jane', '"Jane\n').replace('"The Salt', '"The\tSalt'),
      FINAL.replace('"author":"Mara', '"author" "Mara'),
      FINAL.replace('"Mara Quill"', '"Mara Quill'),
      FINAL.replace('"Mara Quill"', 'Mara Quill"'),
      FINAL.replace('"Mara Quill"', "Mara Quill"),
      FINAL.replace("3}", "3, 'rating': NaN, 'seen': undefined}"),
    ]
  ) {
    assertEquals(read(text), BOTH, text);
    const fenced = "Here they are:\n```json\n" + text + "\n```\nI hope this list helps.";
    assertEquals(read(fenced), BOTH, fenced);
  }
});

Deno.test("parseBookList() keeps quotes and apostrophes within titles, however little they are escaped", () => {
  for (
    const title of [
      'The "C" Word',
      '"Half" a Title',
      'A Title "Half"',
      'Say "Hello", World',
      'The "Good", the "Bad", and the Ugly',
      'Volume "One": A Start',
      '5" Nails',
    ]
  ) {
    const text = FINAL.replace("Emma", title);
    assertEquals(read(text), [{ ...EMMA, title }, SALT], text);
  }
  for (const title of ["The Handmaid's Tale", "The Writers' Room", "'Tis Pity", "O'Brien's"]) {
    const text = JSON.stringify({ books: [{ ...EMMA, title }, SALT] }).replaceAll('"', "'");
    assertEquals(read(text), [{ ...EMMA, title }, SALT], text);
  }
  assertEquals(read('{"books":[{"title":"Pride &amp; Prejudice","author":"J. O&#39;Brien"}]}'), [
    { title: "Pride & Prejudice", author: "J. O'Brien", month: null, ...NO_SERIES },
  ]);
});

Deno.test("parseBookList() loses no other book to one that cannot be read", () => {
  const broken = '{"title":"Lost" :: {"author" "?? }';
  assertEquals(read(`{"books":[${ITEMS[0]},${broken},${ITEMS[1]}]}`), BOTH);
});

Deno.test("parseBookList() takes the last list of an answer, never a draft", () => {
  for (
    const text of [
      `<think>Perhaps ${DRAFT}? No.</think>\n${FINAL}`,
      `<thinking>\n${DRAFT}\n</thinking>${FINAL}`,
      `<reasoning effort="low">${DRAFT}</reasoning>${FINAL}`,
      `<seed:think>${DRAFT}</seed:think>${FINAL}`,
      `<think>a <think>${DRAFT}</think> b</think> ${FINAL}`,
      `Let me see: ${DRAFT}\n</think>\n\n${FINAL}`,
      `${FINAL}\n<think>Or rather ${DRAFT}`,
      `[THINK]${DRAFT}[/THINK]${FINAL}`,
      `◁think▷${DRAFT}◁/think▷${FINAL}`,
      `<|channel|>analysis<|message|>${DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>${FINAL}`,
      `analysisWe need books: ${DRAFT} assistantfinal${FINAL}`,
      "```thinking\n" + DRAFT + "\n```\n```json\n" + FINAL + "\n```",
      "Draft:\n```json\n" + DRAFT + "\n```\nFinal:\n```json\n" + FINAL + "\n```",
      `First ${DRAFT}, but better ${FINAL}`,
      `First ${DRAFT.slice(0, -2)}, but better ${FINAL}`,
      `[1][2], here is the list: ${FINAL}`,
      `[Emma](https://books.example/1) is among them [1]. {"found": 2} ${FINAL} Sources: [1, 2] []`,
      `${FINAL}\nThe form was {"books": [{"title": "…", "author": "…", "month": 1}]}.`,
      `${FINAL}\n{"title": "One More", "author": "As an Aside"}`,
    ]
  ) assertEquals(read(text), BOTH, text);
  assertEquals(read(`${DRAFT}\nOn reflection none can be verified: {"books": []}`), []);
});

Deno.test("parseBookList() takes thoughts alone for no answer", () => {
  for (const text of [`<think>${DRAFT}`, `<think>${DRAFT}</think>`, `Hm ${DRAFT}</think>\n`]) {
    assertEquals(read(text), "unusable", text);
  }
});

Deno.test("parseBookList() does not look for thoughts in an answer that is JSON", () => {
  const title = "The <think> Tag";
  assertEquals(read(JSON.stringify({ books: [{ ...EMMA, title }] })), [{ ...EMMA, title }]);
});

Deno.test("parseBookList() finds books that are listed in another form", () => {
  for (
    const text of [
      ITEMS.join("\n"),
      ITEMS.join(",\n"),
      `1. ${ITEMS[0]}\n2. ${ITEMS[1]}`,
      `- ${ITEMS[0]}\n\nand\n\n- ${ITEMS[1]}`,
      ITEMS.map((item) => "```json\n" + item + "\n```").join("\n"),
      `[${ITEMS[0]}][${ITEMS[1]}]`,
      `[${ITEMS[0]}]\n[${ITEMS[1]}]`,
      `{"books":[${ITEMS[0]}]}\n{"books":[${ITEMS[1]}]}`,
      `{"result":{"books":[${ITEMS}]}}`,
      `{"status":"ok","data":{"month":"2012-03","items":[${ITEMS}]}}`,
      `{"fiction":[${ITEMS[0]}],"non_fiction":[${ITEMS[1]}],"tags":["a"]}`,
      `{"books":{"1":${ITEMS[0]},"2":${ITEMS[1]}}}`,
      `{"books":[{"book":${ITEMS[0]}},{"book":${ITEMS[1]}}]}`,
      `[[${ITEMS[0]}],[${ITEMS[1]}]]`,
      `{"choices":[{"message":{"books":[${ITEMS}]}}]}`,
      "Of that month:\n\n| # | Title | Author | Month |\n|---|:---|---|---|\n" +
      '| 1 | **Emma** | Jane Austen | 12 |\n| 2 | "The Salt Ledger" | Mara Quill | 3 |\n\nEnjoy.',
    ]
  ) assertEquals(read(text), BOTH, text);
});

Deno.test("parseBookList() takes numbers for titles, and other names for the fields", () => {
  const text =
    '[{"title":1984,"author":"George Orwell"},{"Book Title":11.22,"Authors":[{"name":"A"},"B"]}]';
  assertEquals(read(text), [
    { title: "1984", author: "George Orwell", month: null, ...NO_SERIES },
    { title: "11.22", author: "A; B", month: null, ...NO_SERIES },
  ]);
});

Deno.test("parseBookList() keeps the complete books of a list that is malformed and cut off", () => {
  const text = `{"books":[{"title":"Emma" "author":"Jane Austen","month":12}${ITEMS[1]}`;
  assertEquals(read(`${text},{"title":"Half a Ti`), BOTH);
  assertEquals(read(`${text},{"title":"Whole","author":"Half an Au`), BOTH);
  assertEquals(read(`First ${DRAFT}, but better {"books":[${ITEMS[0]},{"title":"H`), [EMMA]);
});
