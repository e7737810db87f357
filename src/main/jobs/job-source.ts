import { setTimeout as sleep } from 'node:timers/promises';
import type { Announcer } from './announcer';
import { type Content, changedSource, differs, sameSettings } from './output/fingerprint';
import type { JobStore } from './store/job-store';

/** Maximum age of the known source content when a frame starts, in milliseconds. */
const MAX_AGE = 2_000;
/** Interval between two readings that tell whether the source is still being saved, in milliseconds. */
const SAVE_INTERVAL = 2_000;
/** Maximum number of such readings: about a minute. */
const MAX_READINGS = 30;

export interface JobSourceOptions {
  readonly jobId: number;
  readonly store: JobStore;
  readonly announcer: Announcer;
  /** Reads the current state of the job's source files. Never rejects. */
  read(): Promise<Content>;
  /** Interval between two readings that tell whether it is still being saved, in milliseconds. */
  readonly saveInterval?: number;
  /** Called when a change could not be stored. */
  onFault(error: unknown): void;
}

/**
 * Tracks what a job's images are rendered from: the scene, the files it refers to, and the program. If that changes
 * after frames are done, the job gets a warning.
 */
export class JobSource {
  readonly #options: JobSourceOptions;
  /** Content at the start or end of the latest frame; null before the first read. */
  #content: Content | null = null;
  /** The latest reading, though it may not be whole; null before there was one after the first. */
  #seen: Content | null = null;
  /** Time of reading {@link #content}, from performance.now(). */
  #readAt = 0;
  /** The read in progress. */
  #reading: Promise<Content> | null = null;
  /** The read that begins after it. */
  #next: Promise<Content> | null = null;
  /** How many frames wait until it is saved. */
  #saves = 0;
  /** What changed last, in words; null before any change. */
  #lastChange: string | null = null;

  constructor(options: JobSourceOptions) {
    this.#options = options;
  }

  /**
   * Reads it for the first time, or again after the settings changed.
   *
   * @returns a function that takes over the result
   */
  async first(): Promise<() => Content> {
    const at = performance.now();
    const seen = await this.#options.read();
    return () => this.#begin(seen, at);
  }

  /** Fingerprint of the content that is known now, however old; null for none. */
  get known(): string | null {
    return this.#content?.whole ? this.#content.fingerprint : null;
  }

  /**
   * Source content at the start of a frame; it may be up to {@link MAX_AGE} old, since any later change is detected
   * when the frame is delivered. Shares a read that an earlier frame started.
   */
  current(): Content | Promise<Content> {
    if (this.#content && performance.now() - this.#readAt < MAX_AGE) return this.#content;
    return this.#reading ?? this.readAgain();
  }

  /** A read that begins from now on. Frames that are delivered during another one share the next. */
  readAgain(): Promise<Content> {
    if (!this.#reading) return this.#begun();
    return (this.#next ??= this.#after(this.#reading));
  }

  /** Whether it has changed since a frame began. */
  async hasChanged(before: Content): Promise<boolean> {
    return differs(before, await this.#look());
  }

  /** Whether {@link saved} waits for it. */
  get beingSaved(): boolean {
    return this.#saves > 0;
  }

  /**
   * It has changed, and may still be being saved, for minutes where it is large: resolves once two readings in a row are
   * equal, or after about a minute.
   */
  async saved(signal: AbortSignal): Promise<void> {
    this.#saves++;
    try {
      for (let readings = 1; readings < MAX_READINGS && !signal.aborted; readings++) {
        const last = this.#seen!;
        await sleep(this.#options.saveInterval ?? SAVE_INTERVAL, null, { signal });
        if (!differs(last, await this.#look())) return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#saves--;
    }
  }

  /** Reads again. @returns what was seen, though it may not be whole */
  async #look(): Promise<Content> {
    await this.readAgain();
    return this.#seen!;
  }

  async #after(reading: Promise<Content>): Promise<Content> {
    await reading.catch(() => undefined);
    this.#next = null;
    return this.#begun();
  }

  #begun(): Promise<Content> {
    const reading = this.#read().finally(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    this.#reading = reading;
    return reading;
  }

  /** Discards the content after the settings changed. */
  forget(): void {
    this.#content = null;
  }

  /** Warns that frames rendered before and after the change differ. */
  warnMixed(): void {
    const { jobId, store, announcer } = this.#options;
    const warning = `While this job was under way, ${this.#lastChange ?? 'the scene'} changed: images that were rendered before show what was there then. Requeue all frames for images of one kind.`;
    if (store.addWarnings(jobId, [warning])) announcer.job(jobId);
  }

  #begin(seen: Content, at: number): Content {
    const { jobId, store } = this.#options;
    const content = seen.whole ? seen : { ...seen, fingerprint: store.fingerprint(jobId) ?? seen.fingerprint };
    [this.#content, this.#readAt] = [content, at];
    this.#note(content.fingerprint, null);
    return content;
  }

  async #read(): Promise<Content> {
    const at = performance.now();
    const before = this.#content;
    const seen = await this.#options.read();
    this.#seen = seen;
    // Unreadable sources (a disk that doesn't respond, a Blender that died) do not count as changed.
    const now = seen.whole ? seen : (this.#content ?? seen);
    if (at < this.#readAt) return now;
    [this.#content, this.#readAt] = [now, at];
    try {
      if (before) this.#note(now.fingerprint, changedSource(before.sources, now.sources));
    } catch (error) {
      // Retried with the next read.
      this.#options.onFault(error);
    }
    return now;
  }

  /** Stores the fingerprint, and warns if frames that are done differ from it. @param file that changed */
  #note(fingerprint: string, file: string | null): void {
    const { jobId, store } = this.#options;
    // The job may have been removed while its source was read.
    const job = store.job(jobId);
    if (!job) return;
    const before = store.fingerprint(jobId);
    if (before === fingerprint) return;
    store.setFingerprint(jobId, fingerprint);
    if (before === null) return;
    this.#lastChange =
      file ?? (sameSettings(before, fingerprint) ? 'the scene or a file that it reads' : 'the program that renders it');
    if (job.frames.done > 0) this.warnMixed();
  }
}
