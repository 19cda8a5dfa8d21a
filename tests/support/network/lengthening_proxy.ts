/** Stands before the simulator and makes lists in what the catalogues answer far longer than asked for. */
export interface LengtheningProxy extends AsyncDisposable {
  readonly url: string;
  /** Answers made longer so far. */
  lengthened(): number;
}

/** Every so many answers that hold a list of records are made longer. */
const LENGTHENS_EVERY = 40;
/** The most a client reads of one answer is 8 MiB; longer ones would not be read at all. */
const MAX_LENGTH = 8_000_000;

/** Forwards to `target`; the lists of records in some answers grow to `records`, each of another book. */
export function startLengtheningProxy(
  target: string,
  { records }: { records: number },
): LengtheningProxy {
  let candidates = 0;
  let lengthened = 0;

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.delete("host");
    headers.delete("content-length");
    const body = request.method === "GET" ? null : await request.text();
    const response = await fetch(target + pathname + search, {
      method: request.method,
      headers,
      body,
    });
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    const told = new Headers({ "content-type": type });
    const isCatalogue = !/^\/(gemini|xai|openai_compatible)\//.test(pathname);
    return new Response(isCatalogue && type.includes("json") ? longer(text) : text, {
      status: response.status,
      headers: told,
    });
  }

  function longer(text: string): string {
    const list = longestList(text);
    if (list === null || ++candidates % LENGTHENS_EVERY !== 0) return text;
    lengthened++;
    const pieces = [JSON.stringify(list).slice(1, -1)];
    let length = pieces[0]!.length;
    for (let copy = 1; copy * list.length < records && length < MAX_LENGTH; copy++) {
      const piece = JSON.stringify(list.map((record) => another(record, copy))).slice(1, -1);
      pieces.push(piece);
      length += piece.length;
    }
    return JSON.stringify(JSON.parse(text)).replace(
      `[${pieces[0]}]`,
      () => `[${pieces.join(",")}]`,
    );
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    lengthened: () => lengthened,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The longest list of objects in an answer, at whatever depth. */
function longestList(text: string): readonly unknown[] | null {
  let longest: readonly unknown[] | null = null;
  JSON.parse(text, (_key, value: unknown) => {
    if (Array.isArray(value) && value.some((each) => typeof each === "object" && each !== null)) {
      if (value.length > (longest?.length ?? 0)) longest = value;
    }
    return value;
  });
  return longest;
}

/** A record of another book that is much like this one: other numbers, another title. */
function another(record: unknown, copy: number, name = ""): unknown {
  if (Array.isArray(record)) return record.map((each) => another(each, copy, name));
  if (typeof record === "object" && record !== null) {
    return Object.fromEntries(
      Object.entries(record).map(([key, value]) => [key, another(value, copy, key)]),
    );
  }
  if (typeof record !== "string") return record;
  if (/^97[89]\d{10}$/.test(record)) return isbn13(copy);
  if (/title/.test(name)) return `${record} ${copy}`;
  return /^(key|id|identifier)$/.test(name) ? record.replace(/\d+/, String(copy)) : record;
}

function isbn13(number: number): string {
  const digits = `978${String(number).padStart(9, "0")}`;
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 3 : 1), 0);
  return `${digits}${(10 - sum % 10) % 10}`;
}
