import type { OperationReply } from './host-api';
import type { StartMode } from './host-info';
import type { Lending, LendRequest } from './lending';
import type { NativeMenus } from './native-menus';
import type { Language } from './texts/languages';

/** What is done with the image of a frame. */
export const FRAME_FILE_USES = ['open', 'folder', 'copy'] as const;
export type FrameFileUse = (typeof FRAME_FILE_USES)[number];

/** Why an image that is there can't be shown, in one sentence; `again`: whether asking again may help. */
export interface ImageRefusal {
  readonly refused: string;
  readonly again: boolean;
}

/**
 * The API that the preload script exposes as `window.framegauge` in the desktop shell: the page's only access to the
 * host. Both ends treat what crosses it as untrusted and parse it with the schemas of host-api.
 */
export interface DesktopBridge {
  /** Carries out one operation of host-api; failures are returned, never thrown. */
  call(operation: string, input: unknown): Promise<OperationReply>;
  /** Host events in order, from the moment of subscribing. @returns a function that unsubscribes */
  onEvent(listener: (event: unknown) => void): () => void;
  /** The image of a written frame, or a thumbnail of about `size` pixels; null where there is none. */
  image(
    jobId: number,
    frame: number,
    size?: number,
  ): Promise<{ bytes: Uint8Array; type: string } | ImageRefusal | null>;
  /** A layer of a written OpenEXR, as encodeLinearImage has it; null where there is none. */
  pixels(jobId: number, frame: number, layer?: string): Promise<Uint8Array<ArrayBuffer> | ImageRefusal | null>;
  /** The system's dialog for choosing a scene file. @returns its absolute path, or null when it was cancelled */
  openSceneDialog(): Promise<string | null>;
  /** The system's dialog for choosing a folder. @returns its absolute path, or null when it was cancelled */
  chooseFolder(start: string): Promise<string | null>;
  /** The system's dialog for choosing the .zip of an add-on. @returns its absolute path, or null when it was cancelled */
  openAddonDialog(): Promise<string | null>;
  /** Shows the folder of an installed add-on in the system's file manager. */
  showAddonFiles(id: string): Promise<void>;
  /** How this machine stands to a farm that it is lent to. */
  lending(): Promise<Lending>;
  /** Lends this machine to a farm. What goes wrong is in the answer. */
  lend(request: LendRequest): Promise<Lending>;
  /** Takes this machine back from the farm. */
  endLending(): Promise<Lending>;
  /**
   * Opens a frame's image with the system's program for it, shows it in the system's file manager, or copies it.
   *
   * @returns a sentence about why that was not possible; null where it was
   */
  frameFile(jobId: number, frame: number, how: FrameFileUse): Promise<string | null>;
  /** Has the program's own menus and dialogs speak the window's language. */
  speak(language: Language): Promise<void>;
  /** Quits the program; asks the user first while something renders. */
  quit(): Promise<void>;
  /** Starts the program again, unless the user would rather let a frame finish; unfinished jobs go on then. */
  restart(mode: StartMode): Promise<void>;
  /** Absolute path of a file dropped on the window; empty when it is not from a disk. */
  pathForFile(file: File): string;
  /** Has the system draw the menus of the window, where it does that itself (macOS). */
  showMenus(menus: NativeMenus): Promise<void>;
  /** Ids of items that were chosen there. @returns a function that unsubscribes */
  onMenu(listener: (id: string) => void): () => void;
}
