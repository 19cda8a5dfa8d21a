/** Which parts of a body are wanted: a name to what is wanted below it, null for everything there. */
type FieldMask = ReadonlyMap<string, FieldMask | null>;

interface Cursor {
  readonly text: string;
  position: number;
}

function readName(cursor: Cursor): string | null {
  const name = /^\s*([\w$-]+|\*)\s*/.exec(cursor.text.slice(cursor.position));
  if (!name) return null;
  cursor.position += name[0].length;
  return name[1] ?? null;
}

function skip(cursor: Cursor, sign: string): boolean {
  if (cursor.text[cursor.position] !== sign) return false;
  cursor.position++;
  return true;
}

/** `a,b(c,d),e/f` up to a closing bracket or the end; undefined where the text breaks the grammar. */
function readMask(cursor: Cursor): FieldMask | undefined {
  const mask = new Map<string, FieldMask | null>();
  do {
    const name = readName(cursor);
    if (name === null) return undefined;
    const below = readBelow(cursor);
    if (below === undefined) return undefined;
    const known = mask.get(name);
    // `items/id,items/kind` asks for both parts of the one field.
    mask.set(name, known && below ? new Map([...known, ...below]) : below);
  } while (skip(cursor, ","));
  return mask;
}

function readBelow(cursor: Cursor): FieldMask | null | undefined {
  if (skip(cursor, "/")) {
    const name = readName(cursor);
    if (name === null) return undefined;
    const below = readBelow(cursor);
    return below === undefined ? undefined : new Map([[name, below]]);
  }
  if (!skip(cursor, "(")) return null;
  const mask = readMask(cursor);
  return mask !== undefined && skip(cursor, ")") ? mask : undefined;
}

/** Reads a `fields` parameter of Google's services; null when it is not one. */
export function parseFieldMask(fields: string): FieldMask | null {
  const cursor: Cursor = { text: fields, position: 0 };
  const mask = readMask(cursor);
  return mask === undefined || cursor.position < fields.length ? null : mask;
}

/** The wanted parts of a JSON value; a mask reaches through arrays, and unknown names are ignored. */
export function applyFieldMask(value: unknown, mask: FieldMask | null): unknown {
  if (mask === null || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => applyFieldMask(item, mask));
  const kept: [string, unknown][] = [];
  for (const [name, part] of Object.entries(value)) {
    const below = mask.get(name) ?? mask.get("*");
    if (below !== undefined || mask.has(name) || mask.has("*")) {
      kept.push([name, applyFieldMask(part, below ?? null)]);
    }
  }
  return Object.fromEntries(kept);
}
