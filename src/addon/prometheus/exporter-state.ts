import type { OutputState } from './outputs/output-state';

/** Upper bounds of the scrape duration histogram's buckets, in seconds. */
const DURATION_BOUNDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics server's own state. Times are milliseconds since 1970. */
export interface ExporterState {
  /** Whether Blender_Render and Frame_Counter_total are served. */
  readonly historicNames: boolean;
  readonly listening: boolean;
  /** Whether it listens on the fallback instead of the requested address. */
  readonly fallback: boolean;
  /** Whether it is exposed to the whole network although a narrower address was requested. */
  readonly widened: boolean;
  /** When the counts below started. */
  readonly since: number;
  readonly scrapes: number;
  readonly scrapeErrors: number;
  /** `counts` has one entry more than `bounds`, for longer scrapes; not cumulative. Sum in seconds. */
  readonly durations: { readonly bounds: readonly number[]; readonly counts: readonly number[]; readonly sum: number };
  readonly lastScrape: Scrape | null;
  /** The other outputs that are switched on. */
  readonly outputs: readonly OutputState[];
}

/** A scrape that was answered. */
export interface Scrape {
  readonly at: number;
  /** The client's address and its User-Agent. */
  readonly by: string;
  readonly seconds: number;
}

/** Counts scrapes. */
export interface ScrapeCounter {
  answered(scrape: Scrape): void;
  failed(): void;
  read(): Pick<ExporterState, 'since' | 'scrapes' | 'scrapeErrors' | 'durations' | 'lastScrape'>;
}

export function createScrapeCounter(since = Date.now()): ScrapeCounter {
  const counts = Array.from({ length: DURATION_BOUNDS.length + 1 }, () => 0);
  let sum = 0;
  let scrapes = 0;
  let scrapeErrors = 0;
  let lastScrape: Scrape | null = null;
  return {
    answered(scrape) {
      const bucket = DURATION_BOUNDS.findIndex((bound) => scrape.seconds <= bound);
      counts[bucket < 0 ? DURATION_BOUNDS.length : bucket]!++;
      sum += scrape.seconds;
      scrapes++;
      lastScrape = scrape;
    },
    failed: () => void scrapeErrors++,
    read: () => ({ since, scrapes, scrapeErrors, durations: { bounds: DURATION_BOUNDS, counts, sum }, lastScrape }),
  };
}
