import { z } from 'zod';
import './schema-words';
import { parseFrameRange } from './frame-range';
import { imageFormatSchema } from './image-format-schema';
import { MAX_PRIORITY } from './job-constants';
import {
  type JobChanges,
  type JobRequest,
  MAX_JOB_NAME,
  MAX_JOB_NOTE,
  MAX_SAMPLES,
  MAX_SIDE,
  MAX_START,
  frameOrderSchema,
  jobChangesSchema,
  jobRequestSchema,
  renderDeviceSchema,
  renderEngineSchema,
  conflictPolicySchema,
} from './jobs';
import { TAG_RULE } from './machine-limits';
import { typedOutputPattern } from './output-pattern';
import { unquoted } from './plain-path';
import { MAX_QUOTED, cutTo } from './shortened';
import { UserError } from './user-error';

/**
 * A job in the vocabulary of the command line, which REST's `POST /jobs` shares: `--scene-name` is `sceneName` there.
 * {@link jobRequestOfWords} turns it into a request.
 */
export const jobWordsSchema = z.strictObject({
  scene: z.string().min(1).describe('Full path of the scene file on the host’s machine'),
  frames: z
    .string()
    .optional()
    .describe('Frames to render, as 1-48, 1-48x2 or 1,5,9-12; the scene’s own range otherwise'),
  size: z.string().optional().describe('Width and height in pixels, as 1280x720'),
  percentage: z.number().optional().describe('Of the size, as Blender’s Resolution %, from 1 to 1000'),
  samples: z.int().optional().describe('Samples for each pixel'),
  camera: z.string().optional().describe('Name of a camera of the scene'),
  fps: z.number().optional().describe('Frames per second'),
  output: z
    .string()
    .optional()
    .describe('Where images go, #### being the frame number; // at its start is the scene’s folder'),
  overwrite: z.boolean().optional().describe('Render frames again whose image is there already'),
  keepExisting: z.boolean().optional().describe('Take images that are there already for this job’s, whoever made them'),
  newVersion: z.boolean().optional().describe('Where other images are in the way, render beside them, into v002'),
  preview: z.boolean().optional().describe('A quick preview, into a folder of the host’s own'),
  workers: z.int().optional().describe('The most frames at once, from 1 to 64'),
  tags: z
    .array(z.string())
    .optional()
    .describe('What a machine of the farm must have to render it: each of these tags, as gpu'),
  blockedMachines: z
    .array(z.string())
    .optional()
    .describe('Names of machines of the farm that get none of its frames; manager is the manager’s own'),
  maxMachines: z.int().nullable().optional().describe('The most machines that render it at once; null for no limit'),
  engine: z
    .string()
    .optional()
    .describe('What renders it, as the list of engines names it: blender-4.2.0, or blender for the usual one'),
  sceneName: z.string().optional().describe('Scene within the file; the active one otherwise'),
  animations: z
    .array(z.string().min(1))
    .optional()
    .describe('Names of the animations of a glTF that are played, together'),
  transparent: z.boolean().optional().describe('Transparent background; as the scene says otherwise'),
  device: renderDeviceSchema
    .optional()
    .describe('What Cycles computes on; as the file and Blender’s preferences say otherwise'),
  renderEngine: renderEngineSchema
    .optional()
    .describe('cycles, eevee, workbench, or the identifier of an add-on’s engine'),
  format: imageFormatSchema.optional().describe('Format of the images'),
  allowScripts: z.boolean().optional().describe('Let the scripts inside of the file run'),
  factoryStartup: z.boolean().optional().describe('Start Blender without the user’s own settings and add-ons'),
  order: frameOrderSchema
    .optional()
    .describe('sequence, middle-out, list (as the frame range lists them), or every-N: every Nth frame first'),
  attempts: z.int().optional().describe('How often a frame is tried before it is given up, from 1 to 100'),
  failureShare: z
    .union([z.number(), z.string()])
    .optional()
    .describe('The job fails when more than this share of its frames failed: a number from 0 to 1, or a text as “10%”'),
  priority: z.int().optional().describe(`From ${-MAX_PRIORITY} to ${MAX_PRIORITY}; higher goes first`),
  after: z.array(z.int()).optional().describe('Ids of jobs that must have completed before'),
  startAt: z
    .union([z.number(), z.string()])
    .nullable()
    .optional()
    .describe(
      'Not before: milliseconds since 1970, an ISO time as 2026-11-22T06:00, a time of day as 22:00 (the next such time), a span as +2h, or now',
    ),
  name: z.string().optional().describe(`What it is called, up to ${MAX_JOB_NAME} characters; as its scene otherwise`),
  note: z.string().optional().describe(`Anything worth remembering, up to ${MAX_JOB_NOTE} characters`),
});
export type JobWords = z.infer<typeof jobWordsSchema>;

/** What each word must be, for error sentences. */
const expected: Readonly<Record<string, string>> = {
  size: `write width and height in pixels, as 1280x720, each from 1 to ${MAX_SIDE}`,
  percentage: 'write a number from 1 to 1000',
  samples: `write a whole number from 1 to ${MAX_SAMPLES}`,
  fps: 'write a number of frames per second above 0, up to 1000',
  output: 'write a path, with #### for the frame number',
  workers: 'write a whole number from 1 to 64',
  tags: TAG_RULE,
  blockedMachines: 'write names of machines, with commas between, as left,right; manager is the manager’s own',
  maxMachines: 'write a whole number from 1 to 10000',
  engine: 'write gltf, blender, or a name that “framegauge engines” lists',
  sceneName: 'write the name of a scene within the file',
  animations: 'write the name of an animation of the scene; several take the option again',
  device: `write ${renderDeviceSchema.options.slice(0, -1).join(', ')} or ${renderDeviceSchema.options.at(-1)}`,
  renderEngine: 'write cycles, eevee, workbench, or the identifier of an add-on’s engine',
  format: `write ${imageFormatSchema.options.slice(0, -1).join(', ')} or ${imageFormatSchema.options.at(-1)}`,
  order: 'write sequence, middle-out, list, or every-N, as every-10',
  attempts: 'write a whole number from 1 to 100',
  failureShare: 'write a share of the frames as 10% or 0.1',
  priority: `write a whole number from ${-MAX_PRIORITY} to ${MAX_PRIORITY}; higher goes first`,
  after: 'write the numbers of jobs, as 3 or 3,5',
  startAt: 'write a time as 22:00, 2026-11-22T06:00, +2h, or now',
  name: `write 1 to ${MAX_JOB_NAME} characters`,
  note: `write up to ${MAX_JOB_NOTE} characters`,
};

/** The name under which the user knows a word, such as `--scene-name`; by default the word itself. */
export type NameOfWord = (word: string) => string;

/**
 * Converts the words of the command line or REST to a request.
 *
 * @param now milliseconds since 1970, for times like `22:00` and `+2h`
 * @throws UserError (`arguments`) naming the invalid word
 */
export function jobRequestOfWords(words: JobWords, nameOf: NameOfWord = quoted, now: number = Date.now()): JobRequest {
  const { scene, ...rest } = words;
  return checked(jobRequestSchema, { scene, ...changesIn(rest, nameOf, now) }, words, nameOf);
}

/**
 * Like {@link jobRequestOfWords}, for changes of a job.
 *
 * @throws UserError (`arguments`) naming the invalid word
 */
export function jobChangesOfWords(
  words: Omit<JobWords, 'scene'>,
  nameOf: NameOfWord = quoted,
  now: number = Date.now(),
): JobChanges {
  return checked(jobChangesSchema, changesIn(words, nameOf, now), words, nameOf);
}

function changesIn(
  { size, failureShare, startAt, ...same }: Omit<JobWords, 'scene'>,
  nameOf: NameOfWord,
  now: number,
): Record<string, unknown> {
  if (same.frames !== undefined) parseFrameRange(same.frames);
  return {
    ...same,
    ...(same.output === undefined ? {} : { output: typedOutputPattern(unquoted(same.output)) }),
    ...(size === undefined ? {} : sizeOf(size)),
    ...(failureShare === undefined ? {} : { failureShare: shareOf(failureShare) }),
    ...(startAt === undefined
      ? {}
      : {
          startAt:
            startAt === null || typeof startAt === 'number' ? startAt : parseStartTime(startAt, nameOf('startAt'), now),
        }),
  };
}

/** @throws UserError (`arguments`) where more than one policy for existing images is given */
export function checkConflictPolicy(words: Readonly<Record<string, unknown>>, nameOf: NameOfWord = quoted): void {
  const ways = Object.keys(conflictPolicySchema.shape).filter((word) => words[word] === true);
  if (ways.length > 1)
    throw new UserError(`${ways.map(nameOf).join(' and ')} exclude each other: give one of them.`, 'arguments');
}

function checked<T>(
  schema: z.ZodType<T>,
  request: unknown,
  words: Readonly<Record<string, unknown>>,
  nameOf: NameOfWord,
): T {
  checkConflictPolicy(words, nameOf);
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const key = String(issue.path[0]);
  const word = key === 'width' || key === 'height' ? 'size' : key;
  throw refusal(nameOf(word), words[word], expected[word] ?? issue.message);
}

const quoted: NameOfWord = (word) => `“${word}”`;

function refusal(name: string, value: unknown, expectation: string): UserError {
  const text = cutTo(typeof value === 'object' ? JSON.stringify(value) : String(value), MAX_QUOTED);
  return new UserError(`${name} cannot be “${text}”: ${expectation}.`, 'arguments');
}

function sizeOf(text: string): { width: number; height: number } {
  const match = /^(\d+)\s*[x×]\s*(\d+)$/i.exec(text.trim());
  return { width: Number(match?.[1] ?? Number.NaN), height: Number(match?.[2] ?? Number.NaN) };
}

/** A bare 10 is ambiguous and rejected: it might mean 10 % or 1000 %. */
function shareOf(share: number | string): number {
  if (typeof share === 'number') return share;
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(share.trim());
  return match ? Number(match[1]) / (match[2] === '%' ? 100 : 1) : Number.NaN;
}

const SPANS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parses a start time: `22:00` (the next such time), `+2h`, `+1h30m`, `2026-11-22T06:00` (local time unless it names a
 * zone), or `now`.
 *
 * @param name the option's name for error sentences
 * @returns milliseconds since 1970; null for now
 * @throws UserError (`arguments`) when it cannot be parsed, or is a day in the past
 */
export function parseStartTime(text: string, name: string, now: number = Date.now()): number | null {
  const trimmed = text.trim();
  if (/^now$/i.test(trimmed)) return null;
  if (/^\+(\d+(\.\d+)?[smhd])+$/.test(trimmed)) {
    let span = 0;
    for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)) span += Number(amount) * SPANS[unit!]!;
    const at = Math.round(now + span);
    if (at <= MAX_START) return at;
  }
  const ofDay = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(trimmed);
  if (ofDay) {
    const at = new Date(now);
    at.setHours(Number(ofDay[1]), Number(ofDay[2]), Number(ofDay[3] ?? 0), 0);
    if (at.getTime() <= now) at.setDate(at.getDate() + 1);
    return at.getTime();
  }
  if (/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i.test(trimmed)) {
    // A date alone would be parsed as midnight UTC.
    const at = Date.parse(trimmed.length === 10 ? `${trimmed}T00:00` : trimmed.replace(' ', 'T'));
    if (!Number.isNaN(at)) {
      if (at < now) throw refusal(name, text, 'that time is past; write a later one, or now');
      return at;
    }
  }
  throw refusal(name, text, expected['startAt']!);
}
