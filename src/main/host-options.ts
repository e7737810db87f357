import type { AppSnapshot } from '../shared/addon-protocol';
import type { JobRequest } from '../shared/jobs';
import type { Notification } from './end-actions/end-actions';
import type { HoldAwake } from './end-actions/stay-awake';
import type { EngineFactory } from './engines/engine-context';
import type { PageOpener } from './engines/pages/page-opener';

/** What a shell decides about the host it runs. */
export interface HostOptions {
  readonly shell: 'desktop' | 'headless';
  /** Absolute; created if missing. Only one host per data folder. */
  readonly dataFolder: string;
  readonly pages: PageOpener;
  /** Address of the control server; port 0 lets the system choose. */
  readonly listen: { readonly host: string; readonly port: number };
  /**
   * Additional host names the control server accepts, besides its own and those of the preference `control.names`, in
   * lower case.
   */
  readonly names?: readonly string[];
  /** Folder of the built program, which contains `renderer/` and `addon/`. */
  readonly built: string;
  /** Scene to open at the start; null for the last one or {@link firstScene}. */
  readonly scene: string | null;
  /**
   * Opened if no scene is given and none was open when the last host on the data folder ended. Only a host with this
   * option remembers the open scene.
   */
  readonly firstScene?: string;
  /** Keeps the machine awake while something renders; defaults to a program of the system. */
  readonly holdAwake?: HoldAwake;
  /**
   * Only reads and changes stored data: no job continues, no add-on is started, no scene is opened, and the host is not
   * announced to other processes. For short commands such as `prefs get`.
   */
  readonly passive?: boolean;
  /** Starts no add-on that did not come with the program. */
  readonly safeMode?: boolean;
  /** A job that will be submitted as soon as the host is up: its worker is started in advance. */
  readonly nextJob?: JobRequest;
  /** The program's own processes, if the shell can tell them apart. */
  readonly processes?: () => AppSnapshot['processes'];
  /** Shows a desktop notification; undefined if there is no desktop. */
  readonly onNotify?: (notification: Notification) => void;
  /** Render engines; defaults to every engine of the program. */
  readonly engines?: readonly EngineFactory[];
}
