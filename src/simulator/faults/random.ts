/**
 * A 32-bit FNV-1a hash of the UTF-16 units of `text` (offset basis 2166136261, prime 16777619, as
 * published by Fowler, Noll and Vo). The same text gives the same number in every process, so keys
 * and mixed spellings derived from it never move.
 */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A number in [0, 1), always the same one for the same `key` and unrelated between keys that look alike:
 * the hash with its bits mixed by the finaliser of MurmurHash3 (Austin Appleby).
 */
export function stableShare(key: string): number {
  let mixed = stableHash(key);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296;
}

/** One of `choices`, always the same one for the same `key`. */
export function stableChoice<T>(key: string, choices: readonly [T, ...T[]]): T {
  return choices[stableHash(key) % choices.length] ?? choices[0];
}

/** Numbers in [0, 1) that repeat for the same seed: the mulberry32 generator (Tommy Ettinger). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
