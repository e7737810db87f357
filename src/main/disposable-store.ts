/** What ends something that was acquired. */
export type Dispose = () => unknown;

/** Holds what was acquired, to give it back in the opposite order. */
export interface DisposableStore {
  /**
   * Registers what was acquired, on the line where it is.
   *
   * @param dispose gives it back; by default its own `close`
   * @returns what was acquired
   */
  add<T extends { close(): unknown }>(acquired: T): T;
  add<T>(acquired: T, dispose: (acquired: T) => unknown): T;
  /** Registers an end of something that is no value, as a listener. */
  defer(dispose: Dispose): void;
  /**
   * Gives back everything, last acquired first, one after the other. One that fails is reported, and the others are
   * given back. Settles when all of them are; can be called again, and never rejects.
   */
  close(): Promise<void>;
}

/** @param onError told what an end threw */
export function createDisposableStore(onError: (error: unknown) => void): DisposableStore {
  const held: Dispose[] = [];
  let closing: Promise<void> | null = null;

  async function dispose(end: Dispose): Promise<void> {
    try {
      await end();
    } catch (error) {
      onError(error);
    }
  }

  async function closeAll(): Promise<void> {
    for (let end = held.pop(); end; end = held.pop()) await dispose(end);
  }

  function defer(end: Dispose): void {
    // What comes after the end would never be given back.
    if (closing) void closing.then(() => dispose(end));
    else held.push(end);
  }

  return {
    add<T>(acquired: T, end: (acquired: T) => unknown = (value) => (value as { close(): unknown }).close()): T {
      defer(() => end(acquired));
      return acquired;
    },
    defer,
    close: () => (closing ??= closeAll()),
  };
}
