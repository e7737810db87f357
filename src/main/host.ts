import type { HostEvent, OperationReply } from '../shared/host-api';
import type { PageOpener } from './engines/gltf/open-page';

export interface HostOptions {
  readonly shell: 'desktop' | 'headless';
  /** Absolute; created where missing. One host a data folder. */
  readonly dataFolder: string;
  readonly pages: PageOpener;
  /** Where the control server listens; port 0 lets the system choose. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Folder with the built program: `renderer/`, `addon/`. */
  readonly built: string;
}

/** The running program without a face. */
export interface Host {
  /** Of the control server, without a slash at its end. */
  readonly url: string;
  /** The UI's address, token included. */
  readonly uiUrl: string;
  /** Carries out one operation of shared/host-api; never rejects. */
  call(operation: string, input: unknown): Promise<OperationReply>;
  /** @returns stops it */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** The image of a frame that was written; null where there is none. */
  image(jobId: number, frame: number): Promise<{ bytes: Uint8Array; type: string } | null>;
  /** Stops workers, add-ons and the control server; unfinished jobs go on at the next start. Can be called again. */
  close(): Promise<void>;
}

export function startHost(_options: HostOptions): Promise<Host> {
  throw new Error('not yet');
}
