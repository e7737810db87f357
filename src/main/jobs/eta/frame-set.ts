/** A set of frame numbers that takes one byte per frame while the numbers are dense, which they usually are. */
export function createFrameSet(
  first: number,
  last: number,
): { readonly size: number; has(frame: number): boolean; add(frame: number): void; delete(frame: number): boolean } {
  if (last - first > 4_000_000) return new Set<number>();
  const there = new Uint8Array(last - first + 1);
  let size = 0;
  return {
    get size() {
      return size;
    },
    has: (frame) => there[frame - first] === 1,
    add(frame) {
      if (there[frame - first] !== 0) return;
      there[frame - first] = 1;
      size++;
    },
    delete(frame) {
      if (there[frame - first] !== 1) return false;
      there[frame - first] = 0;
      size--;
      return true;
    },
  };
}
