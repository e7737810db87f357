import type { OperationReply } from './host-api';

/** What the native menu can ask of the UI; the in-app menu does the same things. */
export type MenuCommand =
  | 'open'
  | 'render-image'
  | 'render-animation'
  | 'cancel'
  | 'pause-queue'
  | 'resume-queue'
  | 'preferences'
  | 'about'
  | 'show-render'
  | 'show-statistics';

/**
 * What the preload script puts on `window.framegauge` in the desktop shell: the only way from the page to the host. Nothing that crosses it
 * is trusted; both ends parse it with the schemas of host-api.
 */
export interface DesktopBridge {
  /** Carries out one operation of host-api; answers failures instead of rejecting. */
  call(operation: string, input: unknown): Promise<OperationReply>;
  /** Host events in order, from the moment of subscribing. @returns stops it */
  onEvent(listener: (event: unknown) => void): () => void;
  /** The image of a frame that was written, or a thumbnail of about `size` pixels; null where there is none. */
  image(jobId: number, frame: number, size?: number): Promise<{ bytes: Uint8Array; type: string } | null>;
  /** The system's dialog to choose a scene file. @returns its absolute path, or null when it was dismissed */
  openSceneDialog(): Promise<string | null>;
  /** The system's dialog to choose where images go. @returns an absolute path, or null when it was dismissed */
  saveDialog?(proposal: string): Promise<string | null>;
  /** The system's dialog to choose a folder. @returns its absolute path, or null when it was dismissed */
  chooseFolder?(start: string): Promise<string | null>;
  /** Absolute path of a file that was dropped on the window; empty when it is not from a disk. */
  pathForFile(file: File): string;
  /** Commands of the native menu. @returns stops it */
  onMenu(listener: (command: string) => void): () => void;
}
