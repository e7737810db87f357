import type { MetricFamily } from '../../../shared/addon-protocol';
import { foldOf, isLive } from './gauge-mode';
import { METRIC_LIMITS } from './metric-limits';
import { type CollectedFamily, familyOf, writeLabels } from './metric-table';
import type { FamilyUpdate, ProcessFamily, Row } from './process-update';

/** The metrics of several processes as those of one. */
export interface MergedProcesses {
  /**
   * Takes what has changed in a process; the first update of a token is the process's beginning.
   *
   * @param name of the process in the series of gauges of mode `all` and `liveall`
   */
  update(token: string, name: string, families: readonly FamilyUpdate[]): void;
  /**
   * A process has ended: what it counted is folded into an archive at once, so that its cost and its labels are gone.
   */
  end(token: string): void;
  /** Names and types of everything that was told of so far. */
  declared(): { readonly name: string; readonly type: MetricFamily['type'] }[];
  families(): CollectedFamily[];
}

export interface MergeOptions {
  /** Ended processes of which gauges of mode `all` keep their series; of older ones they are dropped. */
  readonly keepEnded: number;
  /** Whether a new metric may have its name; the reason, a clause, where not. */
  readonly refuse: (family: ProcessFamily) => string | null;
  /** Reports why a metric is left out, a clause. */
  readonly leftOut: (name: string, problem: string) => void;
}

/** Label of a process in gauges of mode `all` and `liveall`, as client_python has it. */
const PROCESS_LABEL = 'pid';

/** One metric over all processes. */
interface Pool {
  readonly family: ProcessFamily;
  /** By token, then by labels. */
  readonly live: Map<string, { readonly name: string; readonly rows: Map<string, Row> }>;
  /** What ended processes have left, by labels. */
  readonly archive: Map<string, Row>;
  /** Of mode `all`: the series of the last ended processes by their names, oldest first. */
  readonly ended: Map<string, Map<string, Row>>;
  /** The list of series as it was last returned. */
  series: readonly string[];
}

/** Creates an empty set of processes. */
export function createMergedProcesses({ keepEnded, refuse, leftOut }: MergeOptions): MergedProcesses {
  const pools = new Map<string, Pool>();
  const running = new Set<string>();
  /** Numbers kept, live and archived. */
  let size = 0;

  /** The metric's pool; null where it cannot be merged with what others said of it. */
  function poolOf(family: ProcessFamily): Pool | null {
    const pool = pools.get(family.name);
    if (!pool) {
      const problem =
        pools.size >= METRIC_LIMITS.families
          ? `the processes of the add-on have more than ${METRIC_LIMITS.families} metrics`
          : family.labelNames.includes(PROCESS_LABEL) && family.mode !== null && foldOf(family.mode) === 'all'
            ? `its label “${PROCESS_LABEL}” is kept for the process that it is of`
            : refuse(family);
      if (problem !== null) {
        leftOut(family.name, problem);
        return null;
      }
      const { name, help, type, mode, bounds, labelNames } = family;
      const created: Pool = {
        family: { name, help, type, mode, bounds, labelNames },
        live: new Map(),
        archive: new Map(),
        ended: new Map(),
        series: [],
      };
      pools.set(name, created);
      return created;
    }
    const { type, mode, bounds } = pool.family;
    if (type === family.type && mode === family.mode && String(bounds) === String(family.bounds)) return pool;
    leftOut(
      family.name,
      type !== family.type
        ? `one process has it as ${type} and another as ${family.type}`
        : type === 'gauge'
          ? `one process has it with the mode ${mode} and another with ${family.mode}`
          : 'two processes have it with different buckets',
    );
    return null;
  }

  function update(token: string, name: string, families: readonly FamilyUpdate[]): void {
    if (!running.has(token)) {
      running.add(token);
      // Another process had that name before, and its series would pass for this one's.
      for (const pool of pools.values()) drop(pool, name);
    }
    for (const family of families) {
      const pool = poolOf(family);
      if (!pool) continue;
      let member = pool.live.get(token);
      if (!member) pool.live.set(token, (member = { name, rows: new Map() }));
      for (const labels of family.gone) {
        size -= member.rows.get(labels)?.length ?? 0;
        member.rows.delete(labels);
      }
      for (const [labels, row] of family.rows) {
        const before = member.rows.get(labels);
        if (!before && size + row.length > METRIC_LIMITS.samples) {
          leftOut(family.name, `with it the processes of the add-on have more than ${METRIC_LIMITS.samples} values`);
          break;
        }
        if (!before) size += row.length;
        member.rows.set(labels, row);
      }
    }
  }

  function end(token: string): void {
    running.delete(token);
    for (const pool of pools.values()) {
      const member = pool.live.get(token);
      if (!member) continue;
      pool.live.delete(token);
      const { mode } = pool.family;
      if (mode !== null && isLive(mode)) {
        size -= sizeOf(member.rows);
      } else if (mode === 'all') {
        pool.ended.set(member.name, member.rows);
        for (const oldest of pool.ended.keys()) if (pool.ended.size > keepEnded) drop(pool, oldest);
      } else {
        for (const [labels, row] of member.rows) {
          const before = pool.archive.get(labels);
          if (before) size -= row.length;
          pool.archive.set(labels, fold(pool.family, before, row));
        }
      }
    }
  }

  function drop(pool: Pool, name: string): void {
    size -= sizeOf(pool.ended.get(name) ?? new Map());
    pool.ended.delete(name);
  }

  return {
    update,
    end,
    declared: () => [...pools.values()].map(({ family: { name, type } }) => ({ name, type })),
    families: () => [...pools.values()].map(read),
  };
}

function sizeOf(rows: ReadonlyMap<string, Row>): number {
  let size = 0;
  for (const row of rows.values()) size += row.length;
  return size;
}

/** One process's numbers with those that are there already. */
function fold({ mode }: ProcessFamily, before: Row | undefined, row: Row): Row {
  if (!before) return row;
  switch (mode === null ? 'sum' : foldOf(mode)) {
    case 'min':
      return row[0]! < before[0]! ? row : before;
    case 'max':
      return row[0]! > before[0]! ? row : before;
    case 'mostrecent':
      return row[1]! > before[1]! ? row : before;
    default:
      return before.map((value, index) => value + row[index]!);
  }
}

function read(pool: Pool): CollectedFamily {
  const { family, live, archive, ended } = pool;
  let merged: Map<string, Row>;
  if (family.mode !== null && foldOf(family.mode) === 'all') {
    merged = new Map();
    for (const { name, rows } of [...[...ended].map(([name, rows]) => ({ name, rows })), ...live.values()]) {
      const own = writeLabels({ [PROCESS_LABEL]: name });
      for (const [labels, row] of rows) merged.set(labels === '' ? own : `${labels},${own}`, row);
    }
  } else {
    merged = new Map(archive);
    for (const { rows } of live.values())
      for (const [labels, row] of rows) merged.set(labels, fold(family, merged.get(labels), row));
    // Nobody has set it yet.
    if (family.mode !== null && foldOf(family.mode) === 'mostrecent')
      for (const [labels, row] of merged) if (row[1] === 0) merged.delete(labels);
  }
  const labels = [...merged.keys()];
  // The same list while it says the same: what is derived from it can be cached by it.
  if (labels.length !== pool.series.length || labels.some((text, index) => text !== pool.series[index]))
    pool.series = labels;
  return present(family, pool.series, [...merged.values()]);
}

function present(
  { name, help, type, mode, bounds, labelNames }: ProcessFamily,
  series: readonly string[],
  rows: readonly Row[],
): CollectedFamily {
  if (type === 'summary') {
    const sums = familyOf({ name, help, type: 'gauge', labelNames, series, bounds: null, values: column(rows, 0) });
    return {
      name,
      help,
      type,
      values: sums.values.flatMap(({ labels, value }, index) => [
        { metricName: `${name}_sum`, labels, value },
        { metricName: `${name}_count`, labels, value: rows[index]![1]! },
      ]),
    };
  }
  const all = mode !== null && foldOf(mode) === 'all';
  return familyOf({
    name,
    help,
    type,
    bounds,
    labelNames: all ? [...labelNames, PROCESS_LABEL] : labelNames,
    series,
    values: type === 'histogram' ? Float64Array.from(rows.flat()) : column(rows, 0),
  });
}

const column = (rows: readonly Row[], index: number): Float64Array => Float64Array.from(rows, (row) => row[index]!);
