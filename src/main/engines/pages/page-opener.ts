import type { WorkerUsage } from '../render-engine';

/** An open render page. */
export interface PageHandle {
  /** Resolves once, never rejects, when the page is gone: closed by us, crashed, or its browser ended. */
  readonly gone: Promise<{ readonly reason: 'closed' | 'crash' | 'exit'; readonly message: string }>;
  /** Resource usage of its process; null where unavailable. Never rejects. */
  usage(): Promise<WorkerUsage | null>;
  /** Closes it; resolves when it is gone. */
  close(): Promise<void>;
}

/**
 * Opens pages for glTF workers: a hidden window on the desktop, a headless Chromium page elsewhere. This engine differs
 * between the shells in nothing else.
 */
export interface PageOpener {
  /**
   * Path of the browser that opens the pages; null if it is this program itself. Undefined: unknown.
   *
   * @throws UserError when there is none
   */
  browser?(): Promise<string | null>;
  /** Why pages run without the browser's sandbox, in words; null if they run in it. Undefined: unknown. */
  withoutSandbox?(): string | null;
  /** @throws UserError when there is no browser */
  open(url: string): Promise<PageHandle>;
  /** Closes all pages and browsers. */
  close(): Promise<void>;
}
