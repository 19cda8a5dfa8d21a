/** A JSON Schema node, as far as the services look into it. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** A book as the service tells it. */
export interface ToldBook {
  readonly title: string;
  readonly authors: readonly string[];
  /** The series and the place in it, as far as the service says them apart from the title. */
  readonly series: string | null;
  readonly number: string | null;
  /** `YYYY-MM`, or null when the book belongs to no month. */
  readonly month: string | null;
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function follow(node: SchemaNode, root: SchemaNode): SchemaNode {
  const ref = node["$ref"];
  if (typeof ref !== "string") return node;
  let target: unknown = root;
  for (const step of ref.replace(/^#\/?/, "").split("/").filter((part) => part !== "")) {
    target = isNode(target) ? target[step] : undefined;
  }
  return isNode(target) ? target : {};
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  const list = node["anyOf"] ?? node["oneOf"];
  return Array.isArray(list) ? list.filter(isNode) : [];
}

function typesOf(node: SchemaNode): readonly string[] {
  const { type } = node;
  const own = Array.isArray(type) ? type : [type];
  const types = own.filter((name) => typeof name === "string").map((name) => name.toLowerCase());
  return [...types, ...alternatives(node).flatMap(typesOf)];
}

function isNullable(node: SchemaNode): boolean {
  return node["nullable"] === true || typesOf(node).includes("null");
}

function propertiesOf(node: SchemaNode): [string, SchemaNode][] {
  const { properties } = node;
  if (!isNode(properties)) return [];
  return Object.entries(properties).filter((entry): entry is [string, SchemaNode] =>
    isNode(entry[1])
  );
}

/** The value that claims least: null where allowed, else the emptiest one of the type. */
function emptyValue(node: SchemaNode): unknown {
  if (isNullable(node)) return null;
  const choices = node["enum"];
  if (Array.isArray(choices) && choices.length > 0) return choices[0];
  const [type] = typesOf(node);
  if (type === "integer" || type === "number") return 0;
  if (type === "boolean") return false;
  if (type === "array") return [];
  if (type === "object") return {};
  return "";
}

function monthValue(month: string, node: SchemaNode): unknown {
  const types = typesOf(node);
  return types.includes("integer") || types.includes("number") ? Number(month.slice(5, 7)) : month;
}

function yearValue(month: string, node: SchemaNode): unknown {
  const year = month.slice(0, 4);
  return typesOf(node).includes("string") ? year : Number(year);
}

function numberValue({ number }: ToldBook, node: SchemaNode): unknown {
  return number !== null && !typesOf(node).includes("string")
    ? Number(number)
    : number ?? undefined;
}

/**
 * What lies directly below a node of a schema, each under the path that Google's messages give it; what
 * is no schema is listed too.
 */
export function childNodes(node: SchemaNode): [string, unknown][] {
  const children: [string, unknown][] = [];
  if (node["items"] !== undefined) children.push(["items", node["items"]]);
  for (const key of ["properties", "$defs"]) {
    const named = node[key];
    if (typeof named !== "object" || named === null) continue;
    Object.values(named).forEach((child, index) =>
      children.push([`${key}[${index}].value`, child])
    );
  }
  for (const key of ["anyOf", "oneOf", "prefixItems"]) {
    const list = node[key];
    if (Array.isArray(list)) {
      list.forEach((child, index) => children.push([`${key}[${index}]`, child]));
    }
  }
  return children;
}

/** What a book has to say under a property's name; undefined when nothing. */
function toldValue(book: ToldBook, { name, node }: { name: string; node: SchemaNode }): unknown {
  const isList = typesOf(node).includes("array");
  if (/author|writer/i.test(name)) return isList ? book.authors : book.authors.join(", ");
  if (/^(?:series_?)?(?:number|position)$/i.test(name)) return numberValue(book, node);
  if (/series/i.test(name)) return book.series ?? undefined;
  if (/title|^name$/i.test(name) && !/original|sub/i.test(name)) return book.title;
  if (book.month === null) return undefined;
  if (/month/i.test(name)) return monthValue(book.month, node);
  if (/year/i.test(name)) return yearValue(book.month, node);
  return /publi|date/i.test(name) && !/publisher/i.test(name) ? book.month : undefined;
}

function fillBook(book: ToldBook, { node, root }: { node: SchemaNode; root: SchemaNode }): unknown {
  const entries = propertiesOf(node).map(([name, property]) => {
    const resolved = follow(property, root);
    return [name, toldValue(book, { name, node: resolved }) ?? emptyValue(resolved)];
  });
  return Object.fromEntries(entries);
}

function itemsOf(node: SchemaNode, root: SchemaNode): SchemaNode | null {
  if (!typesOf(node).includes("array") || !isNode(node["items"])) return null;
  return follow(node["items"], root);
}

/** The shape used when the caller sent no schema. */
const PLAIN_SHAPE: SchemaNode = {
  type: "object",
  properties: {
    books: {
      type: "array",
      items: {
        type: "object",
        properties: {
          title: { type: "string" },
          author: { type: "string" },
          month: { type: ["integer", "null"] },
          series: { type: ["string", "null"] },
          number: { type: ["string", "null"] },
        },
      },
    },
  },
};

/**
 * Lists the books in the shape the caller asked for: a list at the root, or the first list of a root
 * object; fields are recognised by their names, and what is not known gets the least claiming value.
 */
export function fillAnswer(books: readonly ToldBook[], schema: SchemaNode | null): unknown {
  const root = schema ?? PLAIN_SHAPE;
  const listed = (node: SchemaNode): unknown[] =>
    books.map((book) => fillBook(book, { node, root }));
  const rootItems = itemsOf(root, root);
  if (rootItems) return listed(rootItems);
  let isListed = false;
  const entries = propertiesOf(root).map(([name, property]) => {
    const node = follow(property, root);
    const items = isListed ? null : itemsOf(node, root);
    if (items) isListed = true;
    return [name, items ? listed(items) : emptyValue(node)];
  });
  return Object.fromEntries(entries);
}

/** The most books the schema lets a list hold, or null when it does not say. */
export function schemaLimit(schema: SchemaNode | null): number | null {
  if (!schema) return null;
  const lists = [schema, ...propertiesOf(schema).map(([, node]) => follow(node, schema))];
  const limit = lists.find((node) => typesOf(node).includes("array"))?.["maxItems"];
  return limit === undefined ? null : Number(limit);
}
