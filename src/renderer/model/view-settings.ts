import { z } from 'zod';
import { LANGUAGE_CHOICES } from '../../shared/texts/languages';
import { msg } from '../../shared/texts/translate';
import { COLUMN_IDS, COLUMN_LIMITS, columnOrder, USUAL_COLUMNS } from './queue-columns';

/** How the queue is laid out. */
const queueViewSchema = z.object({
  /** A line for each job, or a card; `auto` is cards while they fit. */
  density: z.enum(['auto', 'rows', 'cards']).catch('auto'),
  columns: z.array(z.enum(COLUMN_IDS)).catch([...USUAL_COLUMNS]),
  /** Every column, those that are not chosen too, so that they come back where they were. */
  order: z
    .array(z.string())
    .catch([])
    .transform((kept) => columnOrder(kept)),
  /** Pixels of columns that the person has resized. */
  widths: z.partialRecord(z.enum(COLUMN_IDS), z.int().min(COLUMN_LIMITS.min).max(COLUMN_LIMITS.max)).catch({}),
  /** null: in the order in which jobs are rendered. */
  sort: z
    .object({ column: z.enum(COLUMN_IDS), descending: z.boolean() })
    .nullable()
    .catch(null),
  /** Pixels of the whole area; null: a share of the window. */
  width: z.int().min(160).max(4_000).nullable().catch(null),
});
export type QueueView = z.infer<typeof queueViewSchema>;

export const QUEUE_DENSITIES: readonly { value: QueueView['density']; label: string }[] = [
  { value: 'auto', label: msg('Automatic') },
  { value: 'rows', label: msg('Rows') },
  { value: 'cards', label: msg('Cards') },
];

export const PLAY_SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

/** How animations are played. */
const playbackSchema = z.object({
  /** Whether it begins again at its end. */
  loop: z.boolean().catch(true),
  /** Whether frames without an image are left out; otherwise they last as long as others. */
  skipGaps: z.boolean().catch(true),
  /** Times the job's frame rate. */
  speed: z.literal(PLAY_SPEEDS).catch(1),
});
export type PlaybackSettings = z.infer<typeof playbackSchema>;

/** How this window shows things: kept in this browser or window, not in the host. */
const viewSettingsSchema = z.object({
  /** Of texts, numbers and dates; `auto` is the browser's or the system's. */
  language: z.enum(LANGUAGE_CHOICES).catch('auto'),
  /** What is behind transparent parts of an image. */
  backdrop: z.enum(['checker', 'neutral']).catch('neutral'),
  /** Whether the values of the pixel under the pointer, and the histogram, are shown. */
  pixelValues: z.boolean().catch(true),
  histogram: z.boolean().catch(false),
  /** How far back the statistics go. */
  range: z.enum(['minutes', 'hour']).catch('minutes'),
  zoom: z.enum(['fit', 'full']).catch('fit'),
  /** Whether jobs that have ended are listed. */
  finished: z.boolean().catch(true),
  queue: queueViewSchema.catch(() => queueViewSchema.parse({})),
  playback: playbackSchema.catch(() => playbackSchema.parse({})),
  /** Whether what is known of a frame is shown below its image. */
  details: z.boolean().catch(false),
  /** Whether the properties are shown. */
  properties: z.boolean().catch(true),
  /** Pixels; null: a share of the window. */
  propertiesWidth: z.int().min(100).max(4_000).nullable().catch(null),
  timelineHeight: z.int().min(50).max(4_000).nullable().catch(null),
  /** Groups of properties that are unfolded, by name. */
  unfolded: z.array(z.string()).catch([]),
  /** Whether this browser tells of jobs that have ended while its window is not in front. */
  notify: z.boolean().catch(false),
});
export type ViewSettings = z.infer<typeof viewSettingsSchema>;

const KEY = 'framegauge.view';

export function loadViewSettings(storage: Storage): ViewSettings {
  let stored: unknown;
  try {
    stored = JSON.parse(storage.getItem(KEY) ?? '{}');
  } catch {
    stored = {};
  }
  const settings = viewSettingsSchema.safeParse(stored);
  return settings.success ? settings.data : viewSettingsSchema.parse({});
}

export function saveViewSettings(settings: ViewSettings, storage: Storage): void {
  storage.setItem(KEY, JSON.stringify(settings));
}
