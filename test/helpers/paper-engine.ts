import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  FrameError,
  type RenderEngine,
  type RenderRequest,
  type RenderedFile,
  type RenderedFrame,
  type Worker,
  type WorkerExit,
} from '../../src/main/engines/render-engine';
import { makePng } from './png';

/** An image to be returned, and its reported render time in seconds. */
export interface PaperImage {
  readonly bytes: Uint8Array;
  readonly seconds: number;
  /** Further files of the frame: other views of its image, or outputs requested by the scene. */
  readonly more?: readonly { readonly target: RenderedFile['target']; readonly bytes: Uint8Array }[];
  /** Suffix of the view that `bytes` shows. */
  readonly view?: string;
  readonly peakBytes?: number | null;
  readonly warnings?: readonly string[];
}

/** A test's decision about a frame: its result, or an error. Undefined renders it. */
export type Script = (
  request: RenderRequest,
  worker: PaperWorker,
) => Promise<PaperImage | undefined> | PaperImage | undefined;

/** A worker in the test's own process. */
export interface PaperWorker extends Worker {
  readonly number: number;
  die(exit: WorkerExit): void;
}

/**
 * An engine whose workers produce real, valid PNGs of one colour without a renderer, so that a test can decide when a
 * frame is done, fails, or crashes its worker. It implements the engine port; everything above it is real.
 */
export function paperEngine(
  script: Script = () => undefined,
): RenderEngine & { readonly started: PaperWorker[]; refuseToStart: Error | null } {
  const started: PaperWorker[] = [];
  const engine = {
    id: 'gltf' as const,
    builtIn: true,
    extensions: ['.glb'],
    started,
    refuseToStart: null as Error | null,
    inspect: () => Promise.reject(new Error('not asked in these tests')),
    proposeJob: () => Promise.reject(new Error('not asked in these tests')),
    warningsFor: () => Promise.resolve([]),
    workerLimit: () => 1,
    setupOf: () => '',
    list: () => Promise.resolve([]),
    async startWorker(): Promise<Worker> {
      await nextTurn();
      if (engine.refuseToStart) throw engine.refuseToStart;
      let die: (exit: WorkerExit) => void = () => undefined;
      const exited = new Promise<WorkerExit>((resolve) => (die = resolve));
      const worker: PaperWorker = {
        number: started.length + 1,
        exited,
        die,
        usage: () => Promise.resolve(null),
        async stop() {
          die({ reason: 'stopped', message: 'stopped' });
          await exited;
        },
        async render(request, _onProgress, signal) {
          const aborted = new Promise<never>((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(new FrameError('given up', false)), { once: true }),
          );
          const gone = exited.then((exit): never => {
            throw new FrameError(exit.message, false, 'crash');
          });
          aborted.catch(() => undefined);
          gone.catch(() => undefined);
          const drawn = async (): Promise<RenderedFrame> => {
            await nextTurn();
            const {
              bytes,
              seconds,
              more = [],
              view = '',
              peakBytes = null,
              warnings = [],
            }: PaperImage = (await script(request, worker)) ?? {
              bytes: makePng(request.width, request.height, request.frame % 256),
              seconds: 0.01,
            };
            const path = join(request.folder, 'image.png');
            if (!signal.aborted) await writeFile(path, bytes);
            const files: RenderedFile[] = [{ path, target: { view } }];
            for (const [index, file] of more.entries()) {
              const further = join(request.folder, `more-${index}`);
              if (!signal.aborted) await writeFile(further, file.bytes);
              files.push({ path: further, target: file.target });
            }
            return { files, seconds, peakBytes, warnings, log: [] };
          };
          return Promise.race([drawn(), aborted, gone]);
        },
      };
      started.push(worker);
      return worker;
    },
    close: () => Promise.resolve(),
  };
  return engine;
}
