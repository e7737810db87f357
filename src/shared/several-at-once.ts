/** Does something with each item, a few of them at once. The first error ends it, once what was begun has settled. */
export async function severalAtOnce<T>(
  limit: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const left = items.entries();
  const errors: unknown[] = [];
  async function workOn(): Promise<void> {
    for (const [index, item] of left) {
      if (errors.length > 0) return;
      await work(item, index).catch((error: unknown) => errors.push(error));
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, workOn));
  if (errors.length > 0) throw errors[0];
}
