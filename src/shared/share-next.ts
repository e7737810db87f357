/**
 * Shares work among those who ask for the same key: whoever asks while it is under way gets the result of the next one,
 * which begins when that has ended, so that no result is older than its question.
 */
export function shareNext<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, { readonly now: Promise<T>; next: Promise<T> | null }>();

  function begin(key: string, work: () => Promise<T>): Promise<T> {
    const now = work().finally(() => underWay.delete(key));
    underWay.set(key, { now, next: null });
    return now;
  }

  return (key, work) => {
    const under = underWay.get(key);
    if (!under) return begin(key, work);
    return (under.next ??= under.now.then(
      () => begin(key, work),
      () => begin(key, work),
    ));
  };
}
