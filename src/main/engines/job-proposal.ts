import type { ImageFormat } from '../../shared/image-format';
import type { JobSettings } from '../../shared/jobs';

/** Inputs of a proposal beside the request and its scene. */
export interface ProposalContext {
  /** Absolute; the output folder used when neither the request nor the scene specifies an output. */
  readonly outputDirectory: string;
  /** Whether the scene was uploaded: its relative paths were not chosen for this machine and lead nowhere. */
  readonly uploaded: boolean;
}

/** Values for what a job's request leaves open, proposed by its scene's engine. */
export interface JobProposal {
  /** What scenes of the engine are called, as in “a glTF scene”. */
  readonly sceneKind: string;
  readonly frameStart: number;
  readonly frameEnd: number;
  readonly frameStep: number;
  readonly fps: number;
  /** Pixels, before the percentage. */
  readonly width: number;
  readonly height: number;
  readonly percentage: number;
  readonly samples: number;
  readonly cameras: readonly string[];
  /** The end of the message about missing cameras, after “…: ”. */
  readonly withoutCameras: string;
  /** Scene within the file, spelled as in the file; null if the request specifies none. */
  readonly sceneName: string | null;
  /** Animations to play; null for the engine's choice. */
  readonly animations: string[] | null;
  /** Pixels of the image files of a job that renders in a size, where they differ; null or absent where they don't. */
  imageSize?(width: number, height: number): JobSettings['imageSize'];
  /** Name of the scene's view transform on an sRGB display; null or absent where unknown. */
  readonly viewTransform?: string | null;
  /** Whether each frame depends on the previous ones, so that one worker renders them in sequence. */
  readonly inSequence: boolean;
  readonly format: ImageFormat;
  /** Formats the engine writes. */
  readonly formats: readonly ImageFormat[];
  /** Installation of the engine; null for the default one. */
  readonly installation: string | null;
  /** null: as set in the scene. */
  readonly renderEngine: string | null;
  /** Whether the engine's program starts with factory settings. */
  readonly factoryStartup: boolean;
  /** @returns absolute output pattern for images of a format */
  output(format: ImageFormat): string;
  /** @returns suffixes of each frame's files in a format, one per view; a single empty one if there is one file */
  views(format: ImageFormat): string[];
}
