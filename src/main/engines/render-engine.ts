import type { FastifyPluginAsync } from 'fastify';
import type { FailureCode } from '../../shared/failures';
import type { EngineInfo } from '../../shared/engines';
import type { FrameSpan } from '../../shared/frame-range';
import type { ImageFormat } from '../../shared/image-format';
import type { JobRequest, JobSettings, RenderDevice } from '../../shared/jobs';
import type { EngineId, SceneInfo } from '../../shared/scene';
import type { FailureKind } from '../../shared/totals';
import { UserError } from '../../shared/user-error';
import type { JobProposal, ProposalContext } from './job-proposal';

/** One frame to render: what a worker needs to know, independent of the job. */
export interface RenderRequest {
  /** Identifies this try of the frame permanently: a number that was never used before. */
  readonly lease: number;
  /** Absolute path of the scene file. */
  readonly scene: string;
  readonly frame: number;
  /** Frames that simulations go through on their way to this one, beside the scene's own: those of the job. */
  readonly spans: readonly FrameSpan[];
  readonly fps: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Name of a camera in the scene; null for the scene's own choice. */
  readonly camera: string | null;
  readonly format: ImageFormat;
  /** Scene within the file; null for the active one. */
  readonly sceneName: string | null;
  /** cycles, eevee, workbench, or an add-on engine's identifier; null as set in the scene. */
  readonly renderEngine: string | null;
  /** Animations of a glTF to play; null for the engine's choice. */
  readonly animations: readonly string[] | null;
  /** Whether the background is transparent; null as set in the scene. */
  readonly transparent: boolean | null;
  /** Device Cycles computes on; null as set in the file and Blender's preferences. */
  readonly device: RenderDevice | null;
  /**
   * Folder for the frame's files: absolute, existing, empty, on the output's file system. The caller deletes it
   * afterwards.
   */
  readonly folder: string;
  /** Where an additional file goes that the scene has at a path, absolute; there, if undefined. */
  readonly movedTo?: (file: string) => string;
}

/** A file of a frame, complete but not verified yet. */
export interface RenderedFile {
  /** Absolute, in the request's folder. */
  readonly path: string;
  /**
   * What the file is: the frame's own image, by the suffix of its view (empty if there is only one), a JPEG that belongs
   * beside that image under its name, or an additional file of the scene, by its absolute final path.
   */
  readonly target: { readonly view: string } | { readonly previewOf: string } | { readonly file: string };
  /** Pixels, where they differ from the request: a scene may crop its images, or put two views side by side. */
  readonly size?: { readonly width: number; readonly height: number };
  /** SHA-256 of its content, as hex, where that is flushed to disk already. */
  readonly flushed?: string | null;
  /** Its content, where that is at hand: it needs not be read to be verified. */
  readonly content?: Buffer | null;
}

/** A rendered frame. */
export interface RenderedFrame {
  /** The frame's own images first. */
  readonly files: readonly RenderedFile[];
  /** Seconds that rendering and encoding took. */
  readonly seconds: number;
  /** Peak memory of the worker while rendering, in bytes; null where unknown. */
  readonly peakBytes: number | null;
  /** Warnings about the image, one sentence each. */
  readonly warnings: readonly string[];
  /** The last lines the engine printed. */
  readonly log: readonly string[];
}

/** Progress within a frame. */
export interface FrameProgress {
  readonly sample: number;
  readonly samples: number;
  /** Remaining seconds, as estimated by the engine. */
  readonly secondsLeft?: number;
  /** Memory usage, as reported by the engine. */
  readonly memoryBytes?: number;
}

/** Why a worker is gone. `memory`: it exceeded its limit, or the machine ran out of memory. */
export type WorkerExitReason = 'stopped' | 'exit' | 'crash' | 'timeout' | 'memory';
export interface WorkerExit {
  readonly reason: WorkerExitReason;
  /** In words. */
  readonly message: string;
}

/** A frame could not be rendered. The worker remains usable unless its `exited` resolves. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  constructor(
    message: string,
    /** Whether a retry is pointless: the scene is broken, the camera is missing. */
    readonly final: boolean,
    /** Kind used for counting. */
    readonly kind: FailureKind = 'render',
    /** The last lines the engine printed before. */
    readonly log: readonly string[] = [],
    /** What was wrong, as far as it decides what mends it. */
    readonly failure: FailureCode = kind,
  ) {
    super(message);
  }
}

/**
 * A frame was lost with the machine that rendered it, or with the way there. This says nothing about the frame, so it
 * counts as no failure of it.
 */
export class FrameLostError extends Error {
  override readonly name = 'FrameLostError';
}

/** A scene does not give the same images on another machine, so it is rendered on this one only. */
export class NotPortableError extends UserError {}

/** Resource usage of a worker's processes. */
export interface WorkerUsage {
  /** Null where unknown. */
  readonly residentBytes: number | null;
  /** Processor time since the worker started, in seconds. */
  readonly cpuSeconds: number;
}

/** One live page or process that renders one frame at a time and keeps the scene loaded. */
export interface Worker {
  /**
   * Renders one frame. Calls must not overlap.
   *
   * @param signal aborts the frame; the promise then rejects within a second, and the worker is either usable or gone
   * (`stopped`)
   * @throws FrameError, also when the worker dies or times out meanwhile
   */
  render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame>;
  /** Resolves once, never rejects, when the worker is gone for any reason. */
  readonly exited: Promise<WorkerExit>;
  /** Present resource usage; null where unavailable. Never rejects. */
  usage(): Promise<WorkerUsage | null>;
  /** The last lines printed for the frame in work, oldest first; not where they come with the frame only. */
  recentLines?(): readonly string[];
  /** Stops the worker; resolves when it is gone. */
  stop(): Promise<void>;
}

/** State of a file that images of a scene depend on. */
export interface SourceFile {
  /** Absolute, with links resolved. */
  readonly path: string;
  /** Bytes; null where it does not exist. */
  readonly bytes: number | null;
  /** Milliseconds since 1970, with a fraction; null where it does not exist. */
  readonly modifiedAt: number | null;
}

/** A file of a scene, for copying the scene to another machine. */
export interface SceneFile {
  /** Absolute path by which the scene refers to it. */
  readonly path: string;
  /** The same with links resolved. */
  readonly realPath: string;
}

/** A scene that other machines can render. */
export interface PortableScene {
  /**
   * Its files, the scene itself first: laid out below any folder, with the same paths relative to each other, they give
   * the same images.
   */
  readonly files: readonly SceneFile[];
  /**
   * What the scene names from the top of the disk, so that it is found only where those paths lead to it, too; null for
   * none.
   */
  readonly fixed: FixedPaths | null;
  /** Version of the program that renders it here; null for what is part of Framegauge. */
  readonly program: string | null;
  /**
   * Additional files that it writes with each frame, as {@link RenderEngine.furtherFiles}: all of them.
   *
   * @param sceneName scene within the file; null for the active one
   */
  furtherFiles(sceneName: string | null): readonly string[];
  /** Suffixes of the views that those may have, as `_L`; none where there are none. */
  readonly views?: readonly string[];
}

/** Paths from the top of the disk. */
export interface FixedPaths {
  /** All of them, also those where nothing is. */
  readonly paths: readonly string[];
  /** Why the first keeps the scene from other machines, and what to do, as a sentence. */
  readonly problem: string;
}

/** An installed program of an engine. */
export interface Installation {
  /** As listed by the engine on its machine. */
  readonly id: string;
  readonly version: string | null;
}

/** Inputs of an engine's worker limit. */
export interface WorkerNeed {
  /** Processor cores of this machine. */
  readonly cores: number;
  /** Frames of the job rendered by this host. */
  readonly rendered: number;
  /** The best number of workers measured for the job so far, or the number to try next. */
  readonly level: number;
}

/** A render engine. Adding one takes a folder beside this file and a line in engine-list.ts. */
export interface RenderEngine {
  readonly id: EngineId;
  /** Whether it is part of the program and needs no installation. */
  readonly builtIn: boolean;
  /** File name extensions it opens, lower case with the dot. */
  readonly extensions: readonly string[];
  /**
   * Reads the content of a scene without rendering it.
   *
   * @throws UserError naming the file and what is wrong with it
   */
  inspect(path: string): Promise<SceneInfo>;
  /**
   * Values for what a job's request leaves open.
   *
   * @throws UserError when the request specifies what the scene or the engine lacks (`arguments`), or requires what is
   * not on this machine
   */
  proposeJob(request: JobRequest, scene: SceneInfo, context: ProposalContext): Promise<JobProposal>;
  /**
   * Warnings about a job before it is rendered, one sentence each.
   *
   * @throws UserError when its scene can't be read, or refers to a file outside its limits
   */
  warningsFor(scene: SceneInfo, settings: JobSettings): Promise<readonly string[]>;
  /** Number of workers that speed up a job, 1 or more, used where the user chose none. Memory is limited elsewhere. */
  workerLimit(settings: JobSettings, need: WorkerNeed): number;
  /**
   * A job will be submitted soon: the engine may start a worker for it, which is stopped if no job comes. Resolves as
   * soon as the worker's process comes up, or can't; never rejects.
   */
  prepare?(request: JobRequest): Promise<void>;
  /**
   * Every file a job's images depend on, the scene itself first: buffers and textures of a glTF; images, libraries,
   * fonts and caches of a .blend. Cheap to call repeatedly: the references are cached as long as the scene is
   * unchanged, and only the stamps are renewed.
   *
   * @throws UserError when the scene can't be read
   */
  sources?(settings: JobSettings): Promise<readonly SourceFile[]>;
  /**
   * Makes a scene readable for a live view in the UI: its file, and with `?uri=` those that it refers to, as far as a
   * render may read them. Missing where there is no such view.
   *
   * @returns a path of the control server that cannot be guessed; valid until another scene is asked for, and another
   * one once a file has changed
   * @throws UserError when the scene can't be read
   */
  addressOf?(scene: string): Promise<string>;
  /**
   * Additional files that a job's scene writes with each frame: absolute paths with `#` for the digits of the frame's
   * number, as far as they are known before.
   */
  furtherFiles?(settings: JobSettings): Promise<readonly string[]>;
  /**
   * What it takes to render a scene on another machine. Missing where an engine's scenes can't be; they are rendered on
   * this machine only. Cheap to call repeatedly, as `sources`.
   *
   * @param setup from {@link setupOf}
   * @throws NotPortableError where it does not give the same images elsewhere, UserError when it can't be read
   */
  portable?(scene: string, setup: string): Promise<PortableScene>;
  /**
   * The setup by which a worker on another machine renders what a setup renders here.
   *
   * @param setup from {@link setupOf}
   * @param program from {@link PortableScene}
   * @param installations of this engine on that machine
   * @returns null where none of them gives the same images
   */
  setupFor?(setup: string, program: string | null, installations: readonly Installation[]): string | null;
  /**
   * Name and version of the program that renders a job's images, unless it is part of Framegauge.
   *
   * @throws UserError when it is not available
   */
  programOf?(settings: JobSettings): Promise<string>;
  /** What a worker must be started with to serve a job, as opaque text; equal for jobs that can share workers. */
  setupOf(settings: JobSettings): string;
  /**
   * Starts a worker; resolves when it is ready for its first frame.
   *
   * @param setup from {@link setupOf}
   * @throws UserError when no worker is available here (no browser, no Blender)
   */
  startWorker(setup: string): Promise<Worker>;
  /** Installations of this engine on this machine. @param refresh search again instead of using the cache */
  list(refresh?: boolean): Promise<EngineInfo[]>;
  /**
   * Call after the host's preferences changed.
   *
   * @returns whether its installations may have changed, and with them what a scene offers
   */
  preferencesChanged?(): boolean;
  /** Routes of the control server for its workers, at unguessable paths. */
  readonly routes?: FastifyPluginAsync;
  /** Closes the engine and everything it started. */
  close(): Promise<void>;
}
