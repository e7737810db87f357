import type { Job, JobState } from '../../shared/jobs';
import { locale, msg } from '../../shared/texts/translate';
import { nameOf } from './host-path';
import { jobProgress } from './format';

/** What a row of the queue can tell of a job, in the usual order. The name is always there. */
export const COLUMN_IDS = [
  'thumbnail',
  'name',
  'number',
  'scene',
  'frames',
  'percent',
  'timeLeft',
  'rate',
  'priority',
  'state',
  'created',
  'ended',
  'reason',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

interface Column {
  readonly label: string;
  /** Pixels; the name takes what the others leave. */
  readonly width: number;
  /** Which are left out first where there is no room: those with the highest number. */
  readonly rank: number;
  readonly numeric?: boolean;
  /** How jobs are sorted by it; null where they can't be. */
  readonly compare: ((a: Job, b: Job) => number) | null;
  /** A first press sorts downwards: the most, or the latest, is what one looks for. */
  readonly downwards?: boolean;
}

/** Made once: thousands of jobs are compared. By locale. */
const COLLATORS = new Map<string, Intl.Collator>();

/** Texts as people sort them: `shot_2` before `shot_10`, `Ä` beside `A`. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let collator = COLLATORS.get(locale());
  if (!collator) {
    collator = new Intl.Collator(locale(), { numeric: true, sensitivity: 'base' });
    COLLATORS.set(locale(), collator);
  }
  return collator.compare(a, b);
}

/** Jobs that have no value come last, whichever way it goes. */
const byText =
  (value: (job: Job) => string | null) =>
  (a: Job, b: Job): number => {
    const [x, y] = [value(a), value(b)];
    return x === y ? 0 : x === null ? 1 : y === null ? -1 : compareTexts(x, y);
  };
const byNumber =
  (value: (job: Job) => number | null) =>
  (a: Job, b: Job): number => {
    const [x, y] = [value(a), value(b)];
    return x === y ? 0 : x === null ? 1 : y === null ? -1 : x - y;
  };

/** What needs a look comes first. */
const STATE_ORDER: readonly JobState[] = ['rendering', 'queued', 'paused', 'failed', 'cancelled', 'completed'];

export const COLUMNS: Readonly<Record<ColumnId, Column>> = {
  thumbnail: { label: msg('Image'), width: 40, rank: 3, compare: null },
  name: { label: msg('Name'), width: 0, rank: 0, compare: byText(({ name }) => name) },
  number: { label: msg('Number'), width: 56, rank: 8, numeric: true, compare: byNumber(({ id }) => id) },
  scene: { label: msg('Scene'), width: 120, rank: 10, compare: byText(sceneOf) },
  frames: {
    label: msg('Frames'),
    width: 76,
    rank: 2,
    numeric: true,
    downwards: true,
    compare: byNumber(({ frames }) => frames.total),
  },
  percent: { label: msg('Done'), width: 46, rank: 1, numeric: true, downwards: true, compare: byNumber(jobProgress) },
  timeLeft: {
    label: msg('Left'),
    width: 74,
    rank: 4,
    numeric: true,
    compare: byNumber(({ secondsLeft }) => secondsLeft),
  },
  rate: {
    label: msg('Frames/min'),
    width: 74,
    rank: 9,
    numeric: true,
    downwards: true,
    compare: byNumber(({ framesPerMinute }) => framesPerMinute),
  },
  priority: {
    label: msg('Priority'),
    width: 58,
    rank: 6,
    numeric: true,
    downwards: true,
    compare: byNumber(({ priority }) => priority),
  },
  state: {
    label: msg('State'),
    width: 84,
    rank: 5,
    compare: (a, b) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state),
  },
  created: {
    label: msg('Added'),
    width: 104,
    rank: 11,
    downwards: true,
    compare: byNumber(({ createdAt }) => createdAt),
  },
  ended: {
    label: msg('Ended'),
    width: 104,
    rank: 12,
    downwards: true,
    compare: byNumber(({ finishedAt }) => finishedAt),
  },
  reason: {
    label: msg('Reason'),
    width: 160,
    rank: 13,
    compare: byText(({ reason }) => reason),
  },
};

export const USUAL_COLUMNS: readonly ColumnId[] = [
  'thumbnail',
  'name',
  'frames',
  'percent',
  'timeLeft',
  'priority',
  'state',
];

/** Pixels that a column can be made as narrow or as wide as. */
export const COLUMN_LIMITS = { min: 36, max: 400 } as const;
/** Pixels below which a name says nothing; state and fold stand in the same column. */
const NAME_MIN = 180;

function sceneOf(job: Job): string {
  return nameOf(job.settings.scene);
}

/** Pixels that a column is wide. */
export function columnWidth(id: ColumnId, widths: Readonly<Partial<Record<ColumnId, number>>>): number {
  return widths[id] ?? COLUMNS[id].width;
}

/**
 * Every column once, in the order that was kept.
 *
 * @param kept names as they are stored: unknown ones and repetitions are passed over; a column that it lacks, one of a
 *   later version say, stands behind the one that it usually follows
 */
export function columnOrder(kept: readonly string[]): ColumnId[] {
  const order = [...new Set(kept)].filter((id): id is ColumnId => Object.hasOwn(COLUMNS, id));
  for (const [index, id] of COLUMN_IDS.entries()) {
    if (order.includes(id)) continue;
    const before = COLUMN_IDS[index - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
  }
  return order;
}

/** A side of a column, where another one can go. */
export interface ColumnPlace {
  readonly beside: ColumnId;
  readonly side: 'left' | 'right';
}

/** The order once a column was taken to a side of another. */
export function movedColumn(order: readonly ColumnId[], id: ColumnId, { beside, side }: ColumnPlace): ColumnId[] {
  if (id === beside) return [...order];
  const others = order.filter((one) => one !== id);
  return others.toSpliced(others.indexOf(beside) + (side === 'right' ? 1 : 0), 0, id);
}

/**
 * The chosen columns that there is room for, in the order given. The name is always among them.
 *
 * @param order every column
 * @param room pixels
 */
export function fittingColumns(
  chosen: readonly ColumnId[],
  order: readonly ColumnId[],
  widths: Readonly<Partial<Record<ColumnId, number>>>,
  room: number,
): ColumnId[] {
  let left = room - NAME_MIN;
  const fitting = new Set<ColumnId>(['name']);
  for (const id of chosen.toSorted((a, b) => COLUMNS[a].rank - COLUMNS[b].rank)) {
    if (id === 'name') continue;
    left -= columnWidth(id, widths);
    if (left < 0) break;
    fitting.add(id);
  }
  return order.filter((id) => fitting.has(id));
}

/** What jobs are sorted by; null stands for the order in which they are rendered. */
export type QueueSort = { readonly column: ColumnId; readonly descending: boolean } | null;

/** What a press on a column's heading makes of the order: the one way, the other, and back to run order. */
export function nextSort(sort: QueueSort, column: ColumnId): QueueSort {
  const first = COLUMNS[column].downwards ?? false;
  if (sort?.column !== column) return { column, descending: first };
  return sort.descending === first ? { column, descending: !first } : null;
}

/** Ids sorted by a column; equals keep the order that they come in. Jobs without a value stay last. */
export function sortedJobs(
  ids: readonly number[],
  byId: ReadonlyMap<number, Job>,
  { column, descending }: NonNullable<QueueSort>,
): readonly number[] {
  const { compare } = COLUMNS[column];
  if (!compare) return ids;
  const jobs = ids.map((id) => byId.get(id)!);
  return jobs
    .sort((a, b) => {
      const order = compare(a, b);
      return descending && !lacks(column, a) && !lacks(column, b) ? -order : order;
    })
    .map(({ id }) => id);
}

function lacks(column: ColumnId, job: Job): boolean {
  switch (column) {
    case 'timeLeft':
      return job.secondsLeft === null;
    case 'rate':
      return job.framesPerMinute === null;
    case 'ended':
      return job.finishedAt === null;
    case 'reason':
      return job.reason === null;
    default:
      return false;
  }
}
