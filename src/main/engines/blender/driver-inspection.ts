import type { HostToBlender } from '../../../shared/worker-protocol';
import { startTimeout } from '../../processes/own-sleep';
import { type BlendFacts, factsTold, isOfFacts } from './blend-facts';
import type { BlenderProcess } from './blender-process';

/** A look into a file by a Blender that renders otherwise. */
export class DriverInspection {
  /** What the driver is asked. */
  readonly message: HostToBlender;

  readonly #blender: BlenderProcess;
  readonly #path: string;
  readonly #printed: string[] = [];
  readonly #told: Promise<boolean>;
  #settle: (told: boolean) => void = () => undefined;

  constructor(blender: BlenderProcess, id: number, path: string) {
    this.#blender = blender;
    this.#path = path;
    this.message = { type: 'inspect', id, scene: path };
    this.#told = new Promise((resolve) => (this.#settle = resolve));
    // What it has printed so far is not of this file.
    blender.readOutput();
  }

  /** Takes a line that Blender prints. */
  read(line: string): void {
    if (isOfFacts(line)) this.#printed.push(line);
  }

  /** @param told whether it has left facts */
  answered(told: boolean): void {
    this.#settle(told);
  }

  /**
   * Resolves once it is answered; never rejects.
   *
   * @param name of this Blender, such as “Blender 3.4.1”
   * @param timeout in seconds
   * @param onLate called after that: its file may be on a share that hangs. Is to end the Blender
   * @returns null where there are no facts
   */
  async facts(name: string, timeout: number, onLate: () => void): Promise<BlendFacts | null> {
    const cancel = startTimeout(timeout * 1000, onLate);
    const told = await this.#told;
    cancel();
    if (!told) return null;
    this.#blender.readOutput();
    return factsTold(this.#blender.folder, this.#path, name, this.#printed).catch(() => null);
  }
}
