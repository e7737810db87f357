import type { WorkerUsage } from '../render-engine';

/** An open render page. */
export interface PageHandle {
  /** Settles once, never rejects, when the page is gone: closed by us, crashed, or its browser ended. */
  readonly gone: Promise<{ readonly reason: 'closed' | 'crash' | 'exit'; readonly message: string }>;
  /** What its process takes; null where that can't be read. Never rejects. */
  usage(): Promise<WorkerUsage | null>;
  /** Closes it; settles when it is gone. */
  close(): Promise<void>;
}

/**
 * Opens pages for gltf workers: a hidden window on the desktop, a headless Chromium page elsewhere. It is all that differs between the shells
 * for this engine.
 */
export interface PageOpener {
  /** Path of the browser that pages are opened in; null where it is this program itself. Left out: not told. @throws UserError when there is none */
  browser?(): Promise<string | null>;
  /** @throws UserError when there is no browser to open it in */
  open(url: string): Promise<PageHandle>;
  /** Closes every page and whatever carries them. */
  close(): Promise<void>;
}
