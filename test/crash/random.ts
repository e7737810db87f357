/** Numbers that look random and are the same again for the same seed. */
export interface Random {
  /** From 0 up to, and without, `below`. */
  int(below: number): number;
  pick<T>(of: readonly T[]): T;
}

/**
 * Mulberry32 (https://github.com/bryc/code/blob/master/jshash/PRNGs.md): small, and good enough to choose moments and
 * victims.
 */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return { int, pick: (of) => of[int(of.length)]! };
}
