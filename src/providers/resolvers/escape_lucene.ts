/** Puts a backslash before every character that means something to the query parser. */
export function escapeLucene(text: string): string {
  return text.replace(/[+\-&|!(){}[\]^"~*?:\\/]/g, (special) => `\\${special}`);
}
