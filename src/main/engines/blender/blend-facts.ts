import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../shared/user-error';
import { missingFileSchema } from '../../../shared/worker-protocol';
import { startTimeout } from '../../processes/own-sleep';
import { type BlenderEnd, startBlender } from './blender-process';
import { driverScript } from './driver-script';

const sceneFactsSchema = z.object({
  name: z.string(),
  frameStart: z.int(),
  frameEnd: z.int(),
  frameStep: z.int().min(1),
  fps: z.number().positive(),
  width: z.int(),
  height: z.int(),
  percentage: z.number(),
  camera: z.string().nullable(),
  /** Neither the scene nor a marker names one. */
  lacksCamera: z.boolean(),
  /** Its compositor, if any, takes its own render layers. */
  drawsItself: z.boolean(),
  cameras: z.array(z.string()),
  /** Blender's identifier, as CYCLES or BLENDER_EEVEE. */
  engine: z.string(),
  /** By the engines' names; null where this Blender lacks the engine. */
  samples: z.record(z.string(), z.int().nullable()),
  output: z.string(),
  /** Blender's identifier, as PNG or OPEN_EXR_MULTILAYER. */
  fileFormat: z.string(),
  movie: z.boolean(),
  /** Whether Blender leaves out extensions of image files. */
  bareNames: z.boolean(),
  views: z.array(z.string()).min(1),
  /** Edges of the border that its images are cropped to, as shares; null for no crop. */
  crop: z.object({ left: z.number(), right: z.number(), bottom: z.number(), top: z.number() }).nullable(),
  /** How two views are put into one image of double size. */
  joinedViews: z.enum(['side-by-side', 'top-bottom']).nullable(),
  /** Views as files of their own, where the file has them all in one OpenEXR. */
  separateViews: z.array(z.string()).min(1).nullable(),
  viewLayers: z.array(z.string()),
  /** Blender's name of it, as AgX; null for a display other than sRGB. */
  viewTransform: z.string().nullable(),
  sequencer: z.boolean(),
  compositor: z.boolean(),
  /** Folders or paths of the compositor's File Output nodes, as stored in the file but for slashes. */
  fileOutputs: z.array(z.string()),
  /**
   * Absolute paths these nodes write to, with `#` for the digits of the frame number; excludes those that can't be
   * predicted.
   */
  furtherFiles: z.array(z.string()),
  /** Whether these are all. */
  allFurtherFiles: z.boolean(),
  denoising: z.boolean(),
  /** Unbaked simulations: the kind and what it belongs to, such as cloth of an object. */
  unbaked: z.array(z.object({ kind: z.string(), name: z.string() })),
  /** Names of other scenes whose render layers its compositor takes. */
  composited: z.array(z.string()),
  /** Whether Cycles is set to compute on a graphics card. */
  gpu: z.boolean(),
});
export type SceneFacts = z.infer<typeof sceneFactsSchema>;

const factsSchema = z.object({
  activeScene: z.string(),
  scenes: z.array(sceneFactsSchema).min(1),
  scripts: z.boolean(),
  /** Scripts that run at opening seem to set up handlers. */
  handlers: z.boolean(),
  missing: z.array(missingFileSchema.extend({ name: z.string() })),
  /** The files the scene refers to, whether they exist or not. */
  needed: z.array(
    z.object({
      path: z.string(),
      form: z.enum(['file', 'sequence', 'folder', 'computed']),
      library: z.boolean(),
      /** Whether the scene names it by its way from a .blend only, not from the top of the disk. */
      relative: z.boolean(),
    }),
  ),
  /** Whether these are all. */
  allNeeded: z.boolean(),
  missingData: z.array(z.object({ name: z.string(), library: z.string() })),
  /** Version of the Blender that wrote the file, then of the one that inspected it: major, minor, patch. */
  savedBy: z.array(z.int()).min(2),
  runBy: z.array(z.int()).min(2),
  /** Whether it can denoise; null where unknown. */
  denoiser: z.boolean().nullable(),
  /** Whether Cycles finds a graphics card in this machine, if a scene uses one; null where unknown. */
  gpu: z.boolean().nullable(),
});

/** Result of inspecting a file with Blender. */
export type BlendFacts = z.infer<typeof factsSchema> & {
  /** Engines of scenes that Blender lacks without an add-on, by scene name. Blender substitutes another engine. */
  readonly missingEngines: Readonly<Record<string, string>>;
};

/** Result of inspect_file.py: the facts, or why there are none. */
const resultSchema = z.union([z.object({ error: z.string() }), factsSchema.extend({ error: z.null() })]);

/** Maximum time for opening a file, in seconds. */
export const INSPECT_TIMEOUT = 300;

/** Maximum size of a result in bytes: it is parsed on the event loop. */
const MAX_FACTS = 8 * 1024 ** 2;

/** The Blender that inspects a file. */
export interface BlenderProgram {
  readonly executable: string;
  /** Such as `3.4.1`; null where it is unknown. */
  readonly version: string | null;
  /** Such as “Blender 3.4.1”. */
  readonly name: string;
}

/**
 * Inspects a file with Blender. Blender starts with factory settings, so that no add-ons interfere, and runs no scripts
 * of the file.
 *
 * @param path of the .blend, absolute
 * @param signal ends Blender; the promise rejects with its reason
 * @param timeout in seconds
 * @throws UserError when the file can't be opened, or Blender ends or times out
 */
export async function blendFacts(
  path: string,
  blender: BlenderProgram,
  signal: AbortSignal,
  timeout = INSPECT_TIMEOUT,
): Promise<BlendFacts> {
  signal.throwIfAborted();
  const printed: string[] = [];
  const running = await startBlender({
    executable: blender.executable,
    version: blender.version,
    factoryStartup: true,
    allowScripts: false,
    ...driverScript('inspect_file'),
    scriptArguments: [path],
    awaited: true,
    onLine: (line) => {
      if (isOfFacts(line)) printed.push(line);
    },
  });
  try {
    const end = await endWithin(running.ended, timeout, signal);
    signal.throwIfAborted();
    if (!end)
      throw new UserError(
        `${blender.name} did not open “${basename(path)}” within ${timeout} s: open it in Blender and see what takes so long.`,
      );
    const found = await factsTold(running.folder, path, blender.name, printed);
    if (found) return found;
    const how = end.signal ? `ended by ${end.signal}` : `ended with exit code ${end.code}`;
    const last = running.log().findLast((line) => /error|exception|crash/i.test(line));
    throw new UserError(
      `${blender.name} ${how} while it opened “${basename(path)}”${last ? ` (${last.trim()})` : ''}: see whether Blender itself can open it.`,
    );
  } finally {
    await running.close();
  }
}

/**
 * Reads the facts that our script has left in its Blender's folder.
 *
 * @param blender such as “Blender 3.4.1”
 * @param printed lines that Blender printed meanwhile, at least those that are {@link isOfFacts}
 * @returns null where there are none
 * @throws UserError when the file couldn't be opened
 */
export async function factsTold(
  folder: string,
  path: string,
  blender: string,
  printed: readonly string[],
): Promise<BlendFacts | null> {
  const found = join(folder, 'result.json');
  if (((await stat(found).catch(() => null))?.size ?? 0) > MAX_FACTS)
    throw new UserError(
      `“${basename(path)}” has more scenes, cameras and files than can be listed (${MAX_FACTS / 1024 ** 2} MB of names): split it.`,
    );
  const text = await readFile(found, 'utf8').catch(() => null);
  if (text === null) return null;
  const result = resultSchema.parse(JSON.parse(text));
  if (result.error !== null)
    throw new UserError(
      `“${basename(path)}” cannot be opened by ${blender} (${reasonIn(result.error)}): save or copy it again.`,
    );
  return withPrinted(result, printed);
}

/** @returns null when the time is over or the signal comes first */
function endWithin(ended: Promise<BlenderEnd>, seconds: number, signal: AbortSignal): Promise<BlenderEnd | null> {
  return new Promise((resolve) => {
    const giveUp = (): void => settle(null);
    const cancel = startTimeout(seconds * 1_000, giveUp);
    signal.addEventListener('abort', giveUp);
    const settle = (end: BlenderEnd | null): void => {
      cancel();
      signal.removeEventListener('abort', giveUp);
      resolve(end);
    };
    void ended.then(settle);
  });
}

const MISSING_DATA = /\bLIB: [\w ]+: '(.*)' missing from '(.*)', parent /;
const MISSING_ENGINE = /\bEngine '(.*)' not available for scene '(.*)' \(/;
const WORTH_KEEPING = new RegExp(`${MISSING_DATA.source}|${MISSING_ENGINE.source}`);

/** Whether a line that Blender prints tells of a file what scripts can't see. */
export function isOfFacts(line: string): boolean {
  return WORTH_KEEPING.test(line);
}

/**
 * Blender does not expose these facts to Python but prints them (3.4). If a version prints them differently, only these
 * warnings are lost.
 */
function withPrinted(facts: z.infer<typeof factsSchema>, printed: readonly string[]): BlendFacts {
  const missingData = [...facts.missingData];
  const missingEngines: Record<string, string> = {};
  for (const line of printed) {
    const data = MISSING_DATA.exec(line);
    if (data && !missingData.some(({ name, library }) => name === data[1] && library === data[2]))
      missingData.push({ name: data[1]!, library: data[2]! });
    const engine = MISSING_ENGINE.exec(line);
    if (engine) missingEngines[engine[2]!] = engine[1]!;
  }
  return { ...facts, missingData, missingEngines };
}

/** Strips what our own message says from Blender's `Error: Failed to read blend file '/a.blend': Missing DNA block`. */
function reasonIn(error: string): string {
  const line = error.split('\n').find((one) => one.trim() !== '') ?? error;
  const text = line.replace(/^Error: /, '').trim();
  return /['’”"]: (\S.*)$/.exec(text)?.[1] ?? text;
}
