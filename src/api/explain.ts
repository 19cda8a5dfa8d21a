import { Hono } from "hono";
import { explainBook } from "../stats/explain_book.ts";
import type { ApiContext } from "./requests/api_context.ts";

/** `GET /explain?about=…`: why a book has its ISBN, or has none. */
export function explainRoute({ scheduler }: ApiContext): Hono {
  return new Hono().get("/explain", async (context) => {
    const about = context.req.query("about") ?? "";
    return context.json({ books: await explainBook(scheduler.database.sql, about) });
  });
}
