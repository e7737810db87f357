import { type Ticket, ticketSchema } from '../../shared/farm';
import { type Root, pathBelow } from '../../shared/root-paths';
import { cutTo } from '../../shared/shortened';
import { UserError, messageOf } from '../../shared/user-error';
import {
  FrameError,
  FrameLostError,
  type FrameProgress,
  NotPortableError,
  type PortableScene,
  type RenderEngine,
  type RenderRequest,
  type RenderedFile,
  type RenderedFrame,
  type Worker,
  type WorkerExit,
  type WorkerUsage,
} from '../engines/render-engine';
import { type FurtherFiles, isFurtherFile } from './is-further-file';
import type { ReadyMachine } from './machines';
import { type ManagerRoots, type RootedScene, seenBy } from './manager-roots';
import type { SceneManifests } from './scene-manifest';
import type { SceneReach } from './scene-reach';
import type { OpenTicket } from './open-ticket';
import type { Tickets } from './tickets';

/** Maximum bytes of a pixel: 32 channels of 32 bits, and 64 layers of 4 channels of them. */
const PIXEL = 128;
const LAYERED_PIXEL = 1_024;
/** What is told of a file's path, in characters. */
const MAX_NAME = 300;
/** What is not pixels, in bytes. */
const BESIDE_PIXELS = 64 * 1024 ** 2;

/** Maximum size of a delivered file. A scene's further files are as large as its images, or in layers. */
function maxBytes({ width, height, format }: RenderRequest, further: readonly string[]): number {
  const layered = format === 'exr-multilayer' || further.length > 0;
  return width * height * (layered ? LAYERED_PIXEL : PIXEL) + BESIDE_PIXELS;
}

export interface RemoteWorkerOptions {
  readonly machine: Pick<ReadyMachine, 'id' | 'name' | 'installations' | 'roots'>;
  readonly engine: RenderEngine;
  readonly setup: string;
  readonly scenes: SceneManifests;
  readonly roots: Pick<ManagerRoots, 'rootOf' | 'opened'>;
  readonly reach: Pick<SceneReach, 'failed' | 'look'>;
  readonly tickets: Tickets;
  /** The lease of an earlier manager under which it has a frame in work already, as far as is known; null for none. */
  readonly adopts: number | null;
}

/** A scene as a ticket tells it. */
interface SceneOfTicket extends Pick<OpenTicket, 'root' | 'published'> {
  readonly portable: Omit<PortableScene, 'files'>;
  readonly scene: Ticket['scene'];
}

/**
 * A worker that a machine lends. The engine's worker there is started with the first ticket: which of several gets a
 * ticket is the machine's choice.
 */
export class RemoteWorker implements Worker {
  readonly exited: Promise<WorkerExit>;
  readonly machine: RemoteWorkerOptions['machine'];
  readonly #options: RemoteWorkerOptions;
  #settleExit: (exit: WorkerExit) => void = () => undefined;
  /** Why it is gone, or will be after its frame; null while it is there. */
  #exit: WorkerExit | null = null;
  #busy: boolean;

  constructor(options: RemoteWorkerOptions) {
    const { machine, tickets, adopts } = options;
    this.#options = options;
    this.machine = machine;
    this.#busy = adopts !== null;
    this.exited = new Promise((resolve) => (this.#settleExit = resolve));
    if (adopts !== null) void this.exited.then(() => tickets.forgo(adopts));
  }

  async render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    const { adopts } = this.#options;
    const adopted = request.lease === adopts;
    // The frame that it was made for ended before it came here.
    if (adopts !== null && !adopted) await this.stop();
    if (this.#exit && !adopted) throw new FrameLostError(this.#exit.message);
    if (this.#busy && !adopted) throw new FrameError('The worker is busy with another frame.', false);
    this.#busy = true;
    try {
      return await this.#render(request, onProgress, signal);
    } finally {
      this.#busy = false;
      // What its machine offers was not known when it was made: workers for further frames are started by what it says.
      if (adopted) this.#exit ??= { reason: 'stopped', message: 'The frame that was taken over has ended.' };
      if (this.#exit) this.#settleExit(this.#exit);
    }
  }

  /** Its machine takes no more frames: it is gone once its frame is over. */
  leave(message: string): void {
    this.#exit ??= { reason: 'exit', message };
    if (!this.#busy) this.#settleExit(this.#exit);
  }

  /** Its machine measures what it uses. */
  usage(): Promise<WorkerUsage | null> {
    return Promise.resolve(null);
  }

  async stop(): Promise<void> {
    this.#exit ??= { reason: 'stopped', message: 'The worker was stopped.' };
    this.#settleExit(this.#exit);
  }

  async #render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    const { machine, engine, tickets } = this.#options;
    // Where additional files go is decided here.
    const { folder, scene: path, lease, movedTo, ...frame } = request;
    const adopted = lease === this.#options.adopts;
    const { portable, root, scene, published } = adopted
      ? await this.#sceneOfAdopted(path)
      : await this.#sceneFor(path);
    const setup = adopted ? this.#options.setup : this.#setupFor(portable.program, path);
    const animations = frame.animations && [...frame.animations];
    // A ticket tells no job: its lease identifies it.
    const ticket = { ...frame, animations, lease, engine: engine.id, setup, scene };
    checkTicket(ticket);
    const further = portable.furtherFiles(request.sceneName);
    // Where its machine had the scene, by which it tells such files, is not known.
    if (adopted && further.length > 0) throw new FrameLostError('A frame with further files cannot be taken over.');
    const wanted = { ticket, machine, folder, root, published, maxBytes: maxBytes(request, further), onProgress };
    const wantedFiles = { told: further, frame: frame.frame, views: portable.views ?? [] };
    return withFurtherFiles(await tickets.render(wanted, signal), wantedFiles, movedTo);
  }

  /** The scene for a ticket: on a root that the machine sees, else for copying. */
  async #sceneFor(path: string): Promise<SceneOfTicket> {
    const { machine, engine, setup, scenes, roots, reach } = this.#options;
    try {
      if (machine.roots.length > 0) {
        const { portable } = await scenes.survey(engine, path, setup);
        const rooted = roots.rootOf(portable);
        if (rooted && seenBy(machine.roots, rooted) !== null) return await this.#onRoot(path, portable, rooted.root);
      }
      return await this.#copied(path);
    } catch (error) {
      if (!(error instanceof NotPortableError)) throw new FrameError(messageOf(error), error instanceof UserError);
      // It was changed since its job was given to machines: the manager may still render it, and those that see its root.
      if (!(await this.#rootOf(path))) reach.failed({ engine: engine.id, setup, scene: path }, messageOf(error));
      throw new FrameLostError(messageOf(error));
    }
  }

  /** The root that a scene lies on; null for none, or a scene that can't be read. */
  async #rootOf(path: string): Promise<RootedScene | null> {
    const { engine, setup, scenes, roots } = this.#options;
    const surveyed = await scenes.survey(engine, path, setup).catch(() => null);
    return surveyed && roots.rootOf(surveyed.portable);
  }

  /** The scene of a frame in work. Whether its machine reads it on a root is not known where it can be copied, too. */
  async #sceneOfAdopted(path: string): Promise<SceneOfTicket> {
    const { engine, setup, scenes, roots } = this.#options;
    try {
      const { portable, problem } = await scenes.survey(engine, path, setup);
      if (problem === null) return await this.#copied(path);
      await roots.opened;
      const rooted = roots.rootOf(portable);
      if (!rooted) throw new NotPortableError(problem);
      return await this.#onRoot(path, portable, rooted.root);
    } catch (error) {
      throw new FrameLostError(messageOf(error));
    }
  }

  async #copied(path: string): Promise<SceneOfTicket> {
    const { engine, setup, scenes } = this.#options;
    const published = await scenes.publish(engine, path, setup);
    return { portable: published.portable, root: published.root, scene: published.id, published };
  }

  async #onRoot(path: string, portable: PortableScene, root: Root): Promise<SceneOfTicket> {
    const published = await this.#options.scenes.onRoot(portable, root);
    const scene = { root: root.name, path: pathBelow(root.path, path)!, files: published.id };
    return { portable, root: root.path, scene, published };
  }

  #setupFor(program: string | null, scene: string): string {
    const { machine, engine, setup, reach } = this.#options;
    const theirs = setupOn(machine, engine, setup, program);
    if (theirs !== null) return theirs;
    // What the scene needs was not known when the frame was given to the machine.
    void reach.look({ engine: engine.id, setup, scene });
    throw new FrameLostError(`“${machine.name}” has another version of what renders the scene.`);
  }
}

/** @throws FrameError for a ticket that no machine takes, as one that names a camera by more than a thousand letters */
function checkTicket(ticket: Ticket): void {
  const wrong = ticketSchema.safeParse(ticket).error?.issues[0];
  if (!wrong) return;
  const what = `its ${String(wrong.path[0])}: ${wrong.message}`;
  throw new FrameError(`The frame cannot be given to a machine because of ${what}. Render it on the manager.`, true);
}

/** The setup by which a machine renders as a setup does here; null where it can't. */
export function setupOn(
  { installations }: Pick<ReadyMachine, 'installations'>,
  { id, setupFor }: RenderEngine,
  setup: string,
  program: string | null,
): string | null {
  if (!setupFor) return setup;
  const theirs = installations.filter(({ engine }) => engine === id);
  return setupFor(setup, program, theirs);
}

/** Drops the further files that the scene does not write, which is told in a warning. */
function withFurtherFiles(
  rendered: RenderedFrame,
  wanted: FurtherFiles,
  movedTo: RenderRequest['movedTo'] = (file) => file,
): RenderedFrame {
  const warnings = [...rendered.warnings];
  const files = rendered.files.flatMap((file): RenderedFile[] => {
    if (!('file' in file.target)) return [file];
    const { file: target } = file.target;
    if (isFurtherFile(target, wanted)) return [{ ...file, target: { file: movedTo(target) } }];
    warnings.push(
      `A machine sent the file “${cutTo(target, MAX_NAME)}”, which the scene does not write: it was left out.`,
    );
    return [];
  });
  return { ...rendered, files, warnings };
}
