import { join } from 'node:path';
import type { Ticket } from '../../shared/farm';
import type { FrameProgress, RenderedFrame } from '../engines/render-engine';
import type { ReadyMachine } from './machines';
import type { PublishedScene } from './scene-manifest';

/** A file that has arrived. */
export interface WholeFile {
  readonly bytes: number;
  /** As `Content-Digest` (RFC 9530). */
  readonly digest: string;
  /** SHA-256, as hex, where it is flushed to disk; null otherwise. */
  readonly flushed: string | null;
  /** All of it, where it is small; null otherwise. */
  readonly content: Buffer | null;
}

/** A file of which a part may have arrived: what broke off goes on where it stopped. */
export interface ArrivingFile {
  readonly path: string;
  /** Of the whole file, as `Content-Digest` (RFC 9530). */
  readonly digest: string;
  /** Bytes on the disk. */
  readonly bytes: number;
  /** Breaks off the request that sends it, if there is one, and waits for its end: what has arrived whole has its name then. */
  readonly stop: () => Promise<void>;
}

/** A ticket in the hands of a machine: the right to deliver the files of its lease. */
export interface OpenTicket {
  readonly ticket: Ticket;
  readonly machine: Pick<ReadyMachine, 'id' | 'name'>;
  /** The only folder that files are delivered into. */
  readonly folder: string;
  /** The folder on this machine that stands for that of the scene's copy, or for the root that it lies on. */
  readonly root: string;
  /** What its machine may ask for. */
  readonly published: PublishedScene;
  /** Maximum size of each of its files, in bytes. */
  readonly maxBytes: number;
  /** The files on their way, by number. */
  readonly arriving: Map<number, ArrivingFile>;
  /** The files that have arrived whole, by number. */
  readonly delivered: Map<number, WholeFile>;
  /** Whether the queue has taken it. */
  placed: boolean;
  /** Whether an earlier manager had made it. */
  readonly adopted: boolean;
  /** Since when its machine is not heard from, as far as that was noticed, from performance.now(); null where it is. */
  missingSince: number | null;
  /** Session of the machine's program when the ticket was made; null for a later one. */
  readonly session: string | null;
  readonly onProgress: (progress: FrameProgress) => void;
  readonly settle: (end: RenderedFrame | Error) => void;
}

/** Where a delivered file lies in the folder of its lease. */
export function deliveredFile(folder: string, number: number): string {
  return join(folder, `delivered-${number}`);
}
