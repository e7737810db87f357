/** Does something with each item, a few of them at once; the first error ends it. */
export async function severalAtOnce<T>(
  limit: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const left = items.entries();
  async function workOn(): Promise<void> {
    for (const [index, item] of left) await work(item, index);
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, workOn));
}
