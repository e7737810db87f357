import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../shared/user-error';
import { missingFileSchema } from '../../../shared/worker-protocol';
import { type BlenderEnd, startBlender } from './blender-process';
import inspect from './driver/inspect_file.py?raw';
import missingFiles from './driver/needed_files.py?raw';

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
  cameras: z.array(z.string()),
  /** Blender's identifier, as CYCLES or BLENDER_EEVEE. */
  engine: z.string(),
  /** By the engines' names; null where the Blender hasn't the engine. */
  samples: z.record(z.string(), z.int().nullable()),
  output: z.string(),
  /** Blender's identifier, as PNG or OPEN_EXR_MULTILAYER. */
  fileFormat: z.string(),
  movie: z.boolean(),
  views: z.array(z.string()).min(1),
  viewLayers: z.array(z.string()),
  sequencer: z.boolean(),
  compositor: z.boolean(),
  /** Folders or paths of the compositor's File Output nodes, as they stand there. */
  fileOutputs: z.array(z.string()),
  denoising: z.boolean(),
});
export type SceneFacts = z.infer<typeof sceneFactsSchema>;

const factsSchema = z.object({
  activeScene: z.string(),
  scenes: z.array(sceneFactsSchema).min(1),
  scripts: z.boolean(),
  missing: z.array(missingFileSchema.extend({ name: z.string() })),
  missingData: z.array(z.object({ name: z.string(), library: z.string() })),
  /** Of the Blender that wrote the file and the one that looked into it: major, minor, and a number below. */
  savedBy: z.array(z.int()).min(2),
  runBy: z.array(z.int()).min(2),
  /** Whether it can denoise; null where that can't be told. */
  denoiser: z.boolean().nullable(),
});

/** What Blender found in a file. */
export type BlendFacts = z.infer<typeof factsSchema> & {
  /** Engines that scenes ask for and Blender doesn't have without an add-on, by scene. It takes another one in their place. */
  readonly missingEngines: Readonly<Record<string, string>>;
};

/** A result of inspect_file.py: facts, or why there are none. */
const resultSchema = z.union([z.object({ error: z.string() }), factsSchema.extend({ error: z.null() })]);

/** Seconds that opening a file may take. */
export const INSPECT_PATIENCE = 300;

/** The Blender that is to look. */
export interface LookingBlender {
  readonly executable: string;
  /** As “Blender 3.4.1”. */
  readonly name: string;
}

/**
 * Lets a Blender open a file and tell what is in it. It starts with Blender's own defaults, so that nobody's add-ons are in the way, and runs nothing that is inside the file.
 *
 * @param path of the .blend, absolute
 * @param signal ends the Blender and rejects with its reason
 * @param patience seconds that it may take
 * @throws UserError when the file can't be opened, or Blender ends or is silent for too long
 */
export async function blendFacts(
  path: string,
  blender: LookingBlender,
  signal: AbortSignal,
  patience = INSPECT_PATIENCE,
): Promise<BlendFacts> {
  signal.throwIfAborted();
  const printed: string[] = [];
  const running = await startBlender({
    executable: blender.executable,
    factoryStartup: true,
    allowScripts: false,
    script: `${missingFiles}\n\n${inspect}`,
    scriptArguments: [path],
    awaited: true,
    onLine: (line) => {
      if (WORTH_KEEPING.test(line)) printed.push(line);
    },
  });
  try {
    const end = await endWithin(running.ended, patience, signal);
    signal.throwIfAborted();
    if (!end)
      throw new UserError(
        `${blender.name} did not open “${basename(path)}” within ${patience} s: open it in Blender and see what takes so long.`,
      );
    const text = await readFile(join(running.folder, 'result.json'), 'utf8').catch(() => null);
    if (text === null) {
      const how = end.signal ? `ended by ${end.signal}` : `ended with exit code ${end.code}`;
      const last = running.log().findLast((line) => /error|exception|crash/i.test(line));
      throw new UserError(
        `${blender.name} ${how} while it opened “${basename(path)}”${last ? ` (${last.trim()})` : ''}: see whether Blender itself can open it.`,
      );
    }
    const result = resultSchema.parse(JSON.parse(text));
    if (result.error !== null)
      throw new UserError(
        `“${basename(path)}” cannot be opened by ${blender.name} (${reasonIn(result.error)}): save or copy it again.`,
      );
    return withPrinted(result, printed);
  } finally {
    await running.close();
  }
}

/** @returns null when the time is over or the signal comes first */
function endWithin(ended: Promise<BlenderEnd>, seconds: number, signal: AbortSignal): Promise<BlenderEnd | null> {
  return new Promise((resolve) => {
    const giveUp = (): void => settle(null);
    const timer = setTimeout(giveUp, seconds * 1_000);
    signal.addEventListener('abort', giveUp);
    const settle = (end: BlenderEnd | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(end);
    };
    void ended.then(settle);
  });
}

const MISSING_DATA = /\bLIB: [\w ]+: '(.*)' missing from '(.*)', parent /;
const MISSING_ENGINE = /\bEngine '(.*)' not available for scene '(.*)' \(/;
const WORTH_KEEPING = new RegExp(`${MISSING_DATA.source}|${MISSING_ENGINE.source}`);

/** Blender tells Python nothing of these, it prints them (3.4). Where a version prints them otherwise, only these warnings are lost. */
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

/** Blender's `Error: Failed to read blend file '/a.blend': Missing DNA block` without what we say ourselves. */
function reasonIn(error: string): string {
  const line = error.split('\n').find((one) => one.trim() !== '') ?? error;
  const text = line.replace(/^Error: /, '').trim();
  return /['’”"]: (\S.*)$/.exec(text)?.[1] ?? text;
}
