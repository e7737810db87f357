import { type PriorityList, type Rank, type RankedJob, compareRanks, createPriorityList } from './priority-list';

/** Maximum number of groups: more would be slower than a turn for each job. */
const MAX_GROUPS = 1_000;

/**
 * Jobs that may run, in groups that ask the same of a machine: where no machine may take one of a group, the others need
 * no turn. A job gets turns of its own until its group is known, and once it has begun.
 */
export interface AlikeJobs {
  /** Adds a job, or takes it out of its group: its rank, its state or what it asks of machines has changed. */
  put(id: number, rank: Rank): void;
  remove(id: number): void;
  /** Starts a round of scheduling. */
  turns(): Turns;
  /** Sets no job aside any more: machines or scenes have changed. */
  reconsider(): void;
}

/** One round of scheduling. */
export interface Turns {
  /** The job whose turn is next, best first; null at the end. Jobs may be added or removed meanwhile. */
  next(): number | null;
  /** Files a job under what it asks of machines. @returns whether its group is out of this round */
  file(id: number, asks: string): boolean;
  /** No job of a group can get anything in this round. */
  close(asks: string): void;
  /** No machine may take this job, whatever its group may get, until {@link AlikeJobs.reconsider}. */
  setAside(id: number): void;
  /** What keeps every machine from the jobs of a group, as last told; null for nothing. */
  told(asks: string): string | null;
  /** Sets what {@link told} is. @returns the jobs of the group, if that is news */
  tell(asks: string, obstacle: string | null): readonly number[];
}

interface Group {
  readonly list: PriorityList;
  told: string | null;
}

export function createAlikeJobs(): AlikeJobs {
  const single = createPriorityList();
  const aside = createPriorityList();
  const groups = new Map<string, Group>();
  /** Jobs that have gone from `single` to their groups, and are still in it: to take them out one by one takes too long. */
  const gone = new Set<number>();
  /** Where each job is. */
  const homes = new Map<number, { readonly list: PriorityList; readonly rank: Rank; readonly asks: string | null }>();

  function move(id: number, list: PriorityList, rank: Rank, asks: string | null): void {
    const before = homes.get(id);
    if (before && before.list !== list) leave(id);
    homes.set(id, { list, rank, asks });
    list.put(id, rank);
  }

  function leave(id: number): void {
    const home = homes.get(id);
    if (!home) return;
    homes.delete(id);
    home.list.remove(id);
    if (gone.delete(id)) single.remove(id);
    if (home.asks !== null && groups.get(home.asks)?.list.size === 0) groups.delete(home.asks);
  }

  function groupOf(asks: string): Group | null {
    const known = groups.get(asks);
    if (known || groups.size >= MAX_GROUPS) return known ?? null;
    const made = { list: createPriorityList(), told: null };
    groups.set(asks, made);
    return made;
  }

  function clear(): void {
    if (gone.size > 0) single.removeAll(gone);
    gone.clear();
  }

  function turns(): Turns {
    clear();
    const closed = new Set<string>();
    let last: RankedJob | null = null;
    return {
      next() {
        let best = single.after(last);
        for (const [asks, { list }] of groups) {
          const head = closed.has(asks) ? null : list.after(last);
          if (head && (!best || compareRanks(head, best) < 0)) best = head;
        }
        if (!best) clear();
        last = best ?? last;
        return best?.id ?? null;
      },
      file(id, asks) {
        const home = homes.get(id);
        const group = home?.list === single ? groupOf(asks) : null;
        if (home && group) {
          homes.set(id, { ...home, list: group.list, asks });
          group.list.put(id, home.rank);
          gone.add(id);
        }
        return closed.has(asks);
      },
      close: (asks) => void closed.add(asks),
      setAside(id) {
        const home = homes.get(id);
        if (home) move(id, aside, home.rank, null);
      },
      told: (asks) => groups.get(asks)?.told ?? null,
      tell(asks, obstacle) {
        const group = groups.get(asks);
        if (!group || group.told === obstacle) return [];
        group.told = obstacle;
        return group.list.ids();
      },
    };
  }

  return {
    put: (id, rank) => move(id, single, rank, null),
    remove: leave,
    turns,
    reconsider() {
      for (const id of aside.ids()) move(id, single, homes.get(id)!.rank, null);
    },
  };
}
