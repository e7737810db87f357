import type { EngineInfo } from '../../shared/engines';
import type { ImageFormat } from '../../shared/image-format';
import type { JobSettings } from '../../shared/jobs';
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
  readonly format: ImageFormat;
  /** Scene within the file; null for the active one. */
  readonly sceneName: string | null;
  /** cycles, eevee, workbench, or an add-on engine's identifier; null as the scene says. */
  readonly renderEngine: string | null;
  /** Where the frame's files are to be written: absolute, there, empty, on the output's file system. Whoever asked removes it afterwards. */
  readonly folder: string;
}

/** A file that belongs to a frame, whole but not verified yet. */
export interface RenderedFile {
  /** Absolute, in the request's folder. */
  readonly path: string;
  /**
   * Where it belongs: the frame's own image, by the suffix of its view (empty where there is one), or a further file that the scene itself asks for, by its absolute final path.
   */
  readonly place: { readonly view: string } | { readonly file: string };
  /** Pixels, where they differ from the request's: a scene may cut its images to a part, or put two views side by side. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** A frame that was rendered. */
export interface RenderedFrame {
  /** The frame's own image or images first. */
  readonly files: readonly RenderedFile[];
  /** Seconds that rendering and encoding took. */
  readonly seconds: number;
  /** The most memory that the worker held meanwhile, in bytes; null where that isn't known. */
  readonly peakBytes: number | null;
  /** What the person should know about the image, a sentence each. */
  readonly warnings: readonly string[];
  /** What the engine printed meanwhile, its last lines. */
  readonly log: readonly string[];
}

/** How far a frame is. */
export interface FrameProgress {
  readonly sample: number;
  readonly samples: number;
  /** Seconds that the engine thinks it will still take. */
  readonly secondsLeft?: number;
  /** Memory that the engine says it holds. */
  readonly memoryBytes?: number;
}

/** Why a worker is gone. `memory`: it held more than it may, or there was no more to be had. */
export type WorkerExitReason = 'stopped' | 'exit' | 'crash' | 'timeout' | 'memory';
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
    /** What the engine printed before, its last lines. */
    readonly log: readonly string[] = [],
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
   * @param signal gives the frame up; the promise then rejects within a second, and the worker is usable or gone (`stopped`)
   * @throws FrameError, also when the worker dies or stops answering meanwhile
   */
  render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame>;
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
  /** What a worker must have been started with to serve a job, as text that only the engine reads; the same for jobs that can share workers. */
  setupOf(settings: JobSettings): string;
  /**
   * Starts one worker; settles when it is ready for its first frame.
   *
   * @param setup as {@link setupOf} gave it
   * @throws UserError when no worker can be had here (no browser, no Blender)
   */
  startWorker(setup: string): Promise<Worker>;
  /** What there is of this engine on this machine. @param refresh look again instead of answering from memory */
  list(refresh: boolean): Promise<EngineInfo[]>;
  /** Ends everything the engine started. */
  close(): Promise<void>;
}
