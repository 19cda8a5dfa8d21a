/**
 * Lets those who ask at the same time share one reading. Who asks while one is under way gets the next,
 * which begins after the question, so nobody is told anything older than what was asked for; and
 * however many ask, one reading is under way and one waits.
 */
export function shareReading<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | null = null;
  let next: Promise<T> | null = null;

  function begin(): Promise<T> {
    next = null;
    const reading = read();
    const ended = reading.then(() => {}, () => {}); // whoever asked hears of it
    running = ended;
    void ended.then(() => {
      if (running === ended) running = null;
    });
    return reading;
  }

  return () => {
    if (next === null && running === null) return begin();
    next ??= running!.then(begin);
    return next;
  };
}
