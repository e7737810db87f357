import type {
  HostEvent,
  OperationError,
  OperationInput,
  OperationName,
  OperationOutput,
  OperationReply,
  Right,
} from '../shared/host-api';
import type { StartMode } from '../shared/host-info';
import type { Lending, LendRequest } from '../shared/lending';
import type { FrameFileUse } from '../shared/desktop-bridge';
import type { NativeMenus } from '../shared/native-menus';
import type { LinearImage } from '../shared/linear-image';
import type { InstallResult } from '../shared/addons';
import { operations } from '../shared/host-api';
import type { Language } from '../shared/texts/languages';
import { t } from '../shared/texts/translate';

/** How the page stands to its host. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  /** `right`: what the token allows. */
  | { readonly kind: 'connected'; readonly right: Right }
  /** `retryAt`: when the next try starts, milliseconds since 1970. */
  | { readonly kind: 'disconnected'; readonly retryAt: number }
  /** The host refuses the token, or there is none. */
  | { readonly kind: 'unauthorized'; readonly hadToken: boolean };

/** An operation that the host refused or could not carry out. Its message is one sentence to be shown as it is. */
export class OperationFailure extends Error {
  override readonly name = 'OperationFailure';
  constructor(
    message: string,
    readonly kind: OperationError['kind'],
  ) {
    super(message);
  }
}

/** An image that can't be shown, however often it is asked for. Its message is one sentence. */
export class ImageNotShown extends Error {
  override readonly name = 'ImageNotShown';
}

/** Lends a machine to a farm. What goes wrong is in the answers. */
export interface LendingClient {
  state(): Promise<Lending>;
  join(request: LendRequest): Promise<Lending>;
  leave(): Promise<Lending>;
}

/** The page's way to the host, the same in both shells. */
export interface HostClient {
  readonly shell: 'desktop' | 'headless';
  /** @throws OperationFailure */
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>>;
  /** Events in the host's order, each parsed. @returns stops it */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /**
   * The image of a frame that was written, or a thumbnail of about `size` pixels; null where there is none.
   *
   * @throws ImageNotShown, or another Error where asking again may help
   */
  image(jobId: number, frame: number, size?: number): Promise<Blob | null>;
  /**
   * A layer of a frame that was written as OpenEXR; null where there is none.
   *
   * @throws ImageNotShown, or another Error where asking again may help
   */
  pixels(jobId: number, frame: number, layer?: string): Promise<LinearImage | null>;
  /** Calls at once with the state as it is, then on every change. @returns stops it */
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** Tries now instead of at the end of the pause. */
  reconnect(): void;
  /** Proves who we are from now on (headless). */
  authorize(token: string): void;
  /** Lets the person choose a scene with the system's own dialog; null where the shell has none. */
  readonly pickScene: (() => Promise<string | null>) | null;
  /** Lets the person choose a folder with the system's own dialog, from `start` on; null where the shell has none. */
  readonly pickFolder: ((start: string) => Promise<string | null>) | null;
  /**
   * Makes dropped files known to the host.
   *
   * @returns the paths of the scenes on the host's machine
   * @throws Error with a sentence to show when there is none among them
   */
  scenePaths(files: readonly File[]): Promise<string[]>;
  /** Lets the person choose the .zip of an add-on with the system's own dialog; null where the shell has none. */
  readonly pickAddon: (() => Promise<string | null>) | null;
  /**
   * Installs the add-on in a file that was dropped or chosen, or a dropped folder where the shell can read one.
   *
   * @param consent permissions that the person has agreed to
   * @throws Error with a sentence to show
   */
  installAddon(file: File, consent: readonly string[]): Promise<InstallResult>;
  /** Shows an add-on's folder in the system's file manager; null where this page is not on the host's machine. */
  readonly showAddonFiles: ((id: string) => Promise<void>) | null;
  /** Lends the machine of this window to a farm; null where this page is not on the host's machine. */
  readonly lending: LendingClient | null;
  /**
   * Opens a frame's image with the system's program for it, shows it in the system's file manager, or copies it; null
   * where this page is not on the host's machine.
   *
   * @throws Error with a sentence to show
   */
  readonly frameFile: ((jobId: number, frame: number, how: FrameFileUse) => Promise<void>) | null;
  /** Has the program's own menus and dialogs speak this page's language; null where this page is not its window. */
  readonly speak: ((language: Language) => Promise<void>) | null;
  /** Ends the program; null where this page is not its window. */
  readonly quit: (() => Promise<void>) | null;
  /** Starts the program again in a mode; null where this page is not its window. */
  readonly restart: ((mode: StartMode) => Promise<void>) | null;
  /** Has the system draw the window's menus, where it does that itself; null where this page is not its window. */
  readonly showMenus: ((menus: NativeMenus) => Promise<void>) | null;
  /** Ids of items that were chosen there. @returns stops it */
  onMenu(listener: (id: string) => void): () => void;
  close(): void;
}

/** Takes an answer apart: the parsed output, or the failure thrown. */
export function unwrapReply<N extends OperationName>(operation: N, reply: OperationReply): OperationOutput<N> {
  if (!reply.ok) throw new OperationFailure(reply.error.message, reply.error.kind);
  const output = operations[operation].output.safeParse(reply.value);
  if (!output.success) {
    const at = output.error.issues[0]?.path.join('.') ?? '';
    throw new OperationFailure(
      t(
        'The host answered {operation} in a form this window does not know ({at}): reload it, or update the older of the two.',
        { operation, at: at || t('no value') },
      ),
      'internal',
    );
  }
  return output.data as OperationOutput<N>;
}
