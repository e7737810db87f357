/**
 * Waits for some work, but for a limited time: then it goes on by itself.
 *
 * @param limit milliseconds
 * @throws what the work rejects with before
 */
export async function within(work: Promise<unknown>, limit: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  try {
    await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
