import type { EngineId, SceneInfo } from '../../shared/scene';
import type { FailureKind } from '../../shared/totals';

/** One frame to render: what a worker needs to know, nothing of the job. */
export interface RenderRequest {
  /** Absolute path of the scene file. */
  readonly scene: string;
  readonly frame: number;
  readonly fps: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Name of a camera of the scene; null for the scene's own choice. */
  readonly camera: string | null;
}

export interface RenderedImage {
  /** An encoded image file, not verified yet. */
  readonly bytes: Uint8Array;
  /** Seconds that rendering and encoding took. */
  readonly seconds: number;
}

/** Why a worker is gone. */
export type WorkerExitReason = 'stopped' | 'exit' | 'crash' | 'timeout';
export interface WorkerExit {
  readonly reason: WorkerExitReason;
  /** In words. */
  readonly message: string;
}

/** A frame could not be rendered. The worker lives on unless its `exited` settles. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  constructor(
    message: string,
    /** Trying again cannot help: the scene is broken, the camera is missing. */
    readonly final: boolean,
    /** To be counted by. */
    readonly kind: FailureKind = 'render',
  ) {
    super(message);
  }
}

/** What a worker's processes take of the machine. */
export interface WorkerUsage {
  /** Null where the system doesn't tell. */
  readonly residentBytes: number | null;
  /** Processor time since the worker started, in seconds. */
  readonly cpuSeconds: number;
}

/** One live page or process that renders one frame at a time and keeps the scene loaded. */
export interface Worker {
  /**
   * Renders one frame. Only one call may be under way.
   *
   * @param onProgress samples done of samples asked for
   * @param signal gives the frame up; the promise then rejects soon, and the worker stays usable
   * @throws FrameError, also when the worker dies or stops answering meanwhile
   */
  render(request: RenderRequest, onProgress: (sample: number, samples: number) => void, signal: AbortSignal): Promise<RenderedImage>;
  /** Settles once, never rejects, when the worker is gone for whatever reason. */
  readonly exited: Promise<WorkerExit>;
  /** What it takes now; null where that can't be read. Never rejects. */
  usage(): Promise<WorkerUsage | null>;
  /** Ends the worker; settles when it is gone. */
  stop(): Promise<void>;
}

/** A way to render scenes. */
export interface RenderEngine {
  readonly id: EngineId;
  /** File name endings that it opens, small letters with the dot. */
  readonly extensions: readonly string[];
  /**
   * Reads what a scene offers without rendering it.
   *
   * @throws UserError naming the file and what is wrong with it
   */
  inspect(path: string): Promise<SceneInfo>;
  /**
   * Starts one worker; settles when it is ready for its first frame.
   *
   * @throws UserError when no worker can be had here (no browser, no Blender)
   */
  startWorker(): Promise<Worker>;
  /** Ends everything the engine started. */
  close(): Promise<void>;
}
