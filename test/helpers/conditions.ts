/** Lets a test wait until something holds that only its callbacks can change. */
export function createConditions(): {
  /** To be called whenever something may have changed. */
  check(): void;
  /** Settles as soon as the condition holds. */
  until(holds: () => boolean): Promise<void>;
} {
  const waiting = new Set<() => void>();
  return {
    check() {
      for (const each of Array.from(waiting)) each();
    },
    until: (holds) =>
      new Promise((resolve) => {
        const each = (): void => {
          if (!holds()) return;
          waiting.delete(each);
          resolve();
        };
        waiting.add(each);
        each();
      }),
  };
}
