/** How many ended lookups are kept for months that read the memory before they ended. */
const KEPT = 2_000;

/** Lookups by key that all months of this process share, under way or just ended. */
export interface SharedLookups<T> {
  /**
   * The result under `key`: of the lookup that is under way or has just ended for another month, or
   * else of `look`. A lookup that fails, or whose result is not worth sharing, is not shared: whoever
   * waited for it looks itself.
   */
  share(key: string, look: () => Promise<T>): Promise<T>;
}

/** Several months that name one book at the same time must not pay for it several times. */
export function createSharedLookups<T>(
  { isShared }: { isShared: (result: T) => boolean },
): SharedLookups<T> {
  const lookups = new Map<string, Promise<T | null>>();

  async function begin(key: string, look: () => Promise<T>): Promise<T> {
    const shared = Promise.withResolvers<T | null>();
    lookups.set(key, shared.promise);
    let result: T | null = null;
    try {
      const found = await look();
      result = isShared(found) ? found : null;
      return found;
    } finally {
      if (result === null) lookups.delete(key);
      shared.resolve(result);
      for (const oldest of lookups.keys()) {
        if (lookups.size <= KEPT) break;
        lookups.delete(oldest);
      }
    }
  }

  return {
    async share(key, look): Promise<T> {
      while (true) {
        const other = lookups.get(key);
        if (other === undefined) return await begin(key, look);
        const result = await other;
        if (result !== null) return result;
      }
    },
  };
}
