/** The first rest of a slot, in milliseconds; each further one is twice as long. */
const FIRST_REST = 5_000;
const LONGEST_REST = 300_000;
/** After failures of so many different frames in a row it is rather the worker than the frame. */
const FRAMES_IN_A_ROW = 2;

/** Follows which workers keep failing, by slot: a worker that is started anew in the same slot inherits what its predecessor did. */
export interface SlotRests {
  /**
   * A try failed.
   *
   * @param what names the frame: tries of one frame that fail again and again count once, for then it is the frame
   * @returns for how long the slot should rest, in milliseconds; 0 for not at all
   */
  failed(slot: number, what: string): number;
  /** A frame was rendered: what was before is forgotten. */
  succeeded(slot: number): void;
}

export function createSlotRests(first = FIRST_REST): SlotRests {
  const slots = new Map<number, { failed: Set<string>; next: number }>();
  return {
    failed(slot, what) {
      const streak = slots.get(slot) ?? { failed: new Set(), next: first };
      slots.set(slot, streak);
      streak.failed.add(what);
      if (streak.failed.size < FRAMES_IN_A_ROW) return 0;
      const rest = streak.next;
      streak.next = Math.min(rest * 2, LONGEST_REST);
      return rest;
    },
    succeeded: (slot) => void slots.delete(slot),
  };
}
