/** @returns a function that does what is under way for a key only once, and shares the result */
export function once<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, work) => {
    let under = underWay.get(key);
    if (!under) underWay.set(key, (under = work().finally(() => underWay.delete(key))));
    return under;
  };
}
