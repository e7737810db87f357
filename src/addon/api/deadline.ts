/**
 * Waits for `value` for at most `milliseconds`; a later result is discarded.
 *
 * @throws Error with `message` on timeout
 */
export function deadline<T>(value: T | PromiseLike<T>, milliseconds: number, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), milliseconds);
    Promise.resolve(value)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
