/**
 * A title with its subtitle, as one text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(wholeTitle({ title: "Salt", subtitle: "A Novel" }), "Salt: A Novel");
 * assertEquals(wholeTitle({ title: "Salt", subtitle: null }), "Salt");
 * ```
 */
export function wholeTitle(
  { title, subtitle }: { readonly title: string; readonly subtitle: string | null },
): string {
  return subtitle === null ? title : `${title}: ${subtitle}`;
}
