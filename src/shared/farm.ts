import { z } from 'zod';
import './schema-words';
import { engineFailureSchema } from './failures';
import { MAX_SPANS } from './frame-range';
import { frameSpanSchema } from './frame-span-schema';
import { MAX_ROOTS, relativePathSchema, rootNameSchema } from './farm-files';
import { imageFormatSchema } from './image-format-schema';
import { MAX_SAMPLES, MAX_SIDE, renderDeviceSchema } from './jobs';
import { installationSchema, memorySchema, servedMetricsSchema } from './machine-facts';
import { tagsSchema } from './machine-limits';
import { engineIdSchema } from './scene';
import { cutTo } from './shortened';
import { FAILURE_KINDS } from './totals';
import { shownText } from './texts/shown-text';

/*
 * What crosses the network between the manager of a farm and its machines. Either side takes the other for hostile until
 * a message has been checked, so every text and list here has a limit.
 */

/** Interval at which a machine tells that it is there, in milliseconds. */
export const PRESENCE_INTERVAL = 1_500;
/** A machine that was not heard from for this long is cut off, in milliseconds. */
export const PRESENCE_TIMEOUT = 5_000;

/** Maximum number of workers that one machine lends. */
export const MAX_MACHINE_WORKERS = 64;
/** Maximum number of files of one frame. */
export const MAX_FRAME_FILES = 64;
/** Maximum number of files of one scene. */
export const MAX_SCENE_FILES = 50_000;
/** Maximum size of a file of a scene, in bytes. */
const MAX_SCENE_BYTES = 64 * 1024 ** 3;
const MAX_LOG_LINES = 500;
const MAX_LINE = 2_000;

export const machineIdSchema = z.string().regex(/^[0-9a-f]{12}$/, 'write a machine’s id, as machines lists it');
export const machineNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u, 'write a name of letters, digits, spaces and “._-”, 63 at most');
export const versionSchema = z.string().min(1).max(100);
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const secretSchema = z.string().min(20).max(100);
export const sentenceSchema = shownText().max(MAX_LINE);
const linesSchema = z.array(z.string().max(MAX_LINE)).max(MAX_LOG_LINES);

/** Hardware address of a network card, as 0a:1b:2c:3d:4e:5f. */
const macSchema = z.string().regex(/^(?:[\da-f]{2}:){5}[\da-f]{2}$/);
/** Maximum number of hardware addresses of a machine. */
export const MAX_MACS = 16;

/** Identifies one try of one frame permanently. */
export const leaseSchema = z
  .int()
  .min(1)
  .max(2 ** 52);

/** A machine that shows the secret of an invitation. */
export const joinRequestSchema = z.strictObject({
  secret: secretSchema,
  name: machineNameSchema,
  version: versionSchema,
  tags: tagsSchema.default([]),
});
export type JoinRequest = z.infer<typeof joinRequestSchema>;

/** Where the ticket queue is, and as whom a machine uses it. */
const queueAccessSchema = z.object({
  /** null: the manager's own, at the host name by which the machine reaches the manager. */
  host: z.string().min(1).max(300).nullable(),
  port: z.int().min(1).max(65_535),
  /** `manager`: with the manager's own certificate; `public`: with one that this machine trusts anyway. */
  tls: z.enum(['manager', 'public', 'none']),
  /** The manager's own, PEM: without it, as in an identity of an earlier version, the one that the machine joined by. */
  certificate: z.string().max(20_000).optional(),
  username: z.string().min(1).max(100),
  password: secretSchema,
});
export type QueueAccess = z.infer<typeof queueAccessSchema>;

/** A machine's identity, which it keeps. */
export const joinAnswerSchema = z.object({
  id: machineIdSchema,
  /** Unique in the farm: a number was added to a name that another machine has. */
  name: machineNameSchema,
  /** For all further requests to the manager. */
  token: secretSchema,
  queue: queueAccessSchema,
});
export type JoinAnswer = z.infer<typeof joinAnswerSchema>;

/** A root on a machine. */
const seenRootSchema = z.strictObject({
  name: rootNameSchema,
  /** Absolute, there. */
  path: z.string().min(1).max(1_000),
  /** What it has read in the probe. */
  proof: sha256Schema,
});
export type SeenRoot = z.infer<typeof seenRootSchema>;

/** What a machine tells of itself, at {@link PRESENCE_INTERVAL}. */
export const presenceSchema = z.strictObject({
  /** Chosen anew whenever its program starts. */
  session: z.string().min(8).max(40),
  version: versionSchema,
  workers: z.int().min(1).max(MAX_MACHINE_WORKERS),
  /** Engines that work there. */
  engines: z.array(engineIdSchema).max(50),
  /** Those of them that are installed beside Framegauge and work. */
  installations: z.array(installationSchema).max(100).default([]),
  /** The roots that it sees. */
  roots: z.array(seenRootSchema).max(MAX_ROOTS).default([]),
  /** Whether it reaches the ticket queue. */
  queue: z.boolean(),
  /** Leases of the frames that it renders or delivers. */
  leases: z.array(leaseSchema).max(4 * MAX_MACHINE_WORKERS),
  /** Seconds since somebody used it; null where it can't tell. */
  idleSeconds: z.number().min(0).nullable().default(null),
  /** Minutes that its clock is ahead of UTC. */
  utcOffset: z.int().min(-1_440).max(1_440).default(0),
  /** Its hardware addresses, by which it may be woken. */
  macs: z.array(macSchema).max(MAX_MACS).default([]),
  memory: memorySchema.nullable().default(null),
  /** null where it serves none. */
  metrics: servedMetricsSchema.nullable().default(null),
});
export type Presence = z.infer<typeof presenceSchema>;

export const presenceAnswerSchema = z.object({
  /** Why it gets no frames, as a sentence; null when it does. */
  refusal: sentenceSchema.nullable(),
  /** Names of its roots that are the manager's. */
  roots: z.array(rootNameSchema).max(MAX_ROOTS).default([]),
  /** Those of its leases that are void: it gives up their frames. */
  void: z.array(leaseSchema).max(4 * MAX_MACHINE_WORKERS),
});
export type PresenceAnswer = z.infer<typeof presenceAnswerSchema>;

/** The files of a scene, by which a machine makes a copy of it. */
export const sceneManifestSchema = z.object({
  /** Which of the files is the scene. */
  scene: relativePathSchema,
  files: z
    .array(z.object({ path: relativePathSchema, sha256: sha256Schema, bytes: z.int().min(0).max(MAX_SCENE_BYTES) }))
    .min(1)
    .max(MAX_SCENE_FILES),
});
export type SceneManifest = z.infer<typeof sceneManifestSchema>;
/** SHA-256 of a manifest's JSON, or that of {@link RootedFiles}. */
export const sceneIdSchema = sha256Schema;

/** A scene that a machine reads where it is. */
const sceneOnRootSchema = z.strictObject({
  root: rootNameSchema,
  /** Of the scene file, below the root. */
  path: relativePathSchema,
  /** Which {@link RootedFiles} the manager sees there. */
  files: sceneIdSchema,
});
export type SceneOnRoot = z.infer<typeof sceneOnRootSchema>;

/** The files of a scene on a root, by which a machine knows that it sees the same. */
export const rootedFilesSchema = z.object({
  files: z
    .array(
      z.object({
        /** Below the root. */
        path: relativePathSchema,
        bytes: z.int().min(0),
        /** Milliseconds since 1970. */
        modifiedAt: z.number(),
      }),
    )
    .min(1)
    .max(MAX_SCENE_FILES),
});
export type RootedFiles = z.infer<typeof rootedFilesSchema>;

/** One frame, handed to one machine. */
export const ticketSchema = z.strictObject({
  lease: leaseSchema,
  engine: engineIdSchema,
  /** What its worker is started with, from the engine's `setupOf`. */
  setup: z.string().max(10_000),
  /** One that is copied, or on a root. */
  scene: z.union([sceneIdSchema, sceneOnRootSchema]),
  frame: z.int(),
  /** Frames that simulations go through on their way to this one, beside the scene's own. */
  spans: z.array(frameSpanSchema).max(MAX_SPANS).readonly().default([]),
  fps: z.number().positive().max(1_000),
  width: z.int().min(1).max(MAX_SIDE),
  height: z.int().min(1).max(MAX_SIDE),
  samples: z.int().min(1).max(MAX_SAMPLES),
  camera: z.string().max(1_000).nullable(),
  format: imageFormatSchema,
  sceneName: z.string().max(1_000).nullable(),
  renderEngine: z.string().max(100).nullable(),
  animations: z.array(z.string().max(1_000)).max(1_000).nullable(),
  transparent: z.boolean().nullable(),
  device: renderDeviceSchema.nullable(),
});
export type Ticket = z.infer<typeof ticketSchema>;

/** Progress within a frame. */
export const ticketProgressSchema = z.strictObject({
  sample: z.number(),
  samples: z.number(),
  secondsLeft: z.number().optional(),
  memoryBytes: z.number().optional(),
});

/** HTTP status of the answer to a result whose files the manager does not have: 424 Failed Dependency (RFC 4918). */
export const FILES_MISSING = 424;

/** Part of a file's name, on every system. */
const VIEW_SUFFIX = /^[^/\\:\0]*$/;

/** Maximum render time of a frame: a year. */
const MAX_FRAME_SECONDS = 31_536_000;

/** How a ticket ended. */
export const ticketResultSchema = z.discriminatedUnion('outcome', [
  /** Its files, in the order of their numbers, were delivered before. */
  z.strictObject({
    outcome: z.literal('rendered'),
    files: z
      .array(
        z.union([
          z.strictObject({
            /** Suffix of the view that it is an image of; empty if there is only one. */
            view: z.string().max(200).regex(VIEW_SUFFIX),
            size: z.strictObject({ width: z.int().min(1), height: z.int().min(1) }).optional(),
          }),
          /** A JPEG beside the image of a view, by that view's suffix. */
          z.strictObject({ previewOf: z.string().max(200).regex(VIEW_SUFFIX) }),
          /** A further file that the scene writes, by its path below the folder of its manifest. */
          z.strictObject({ below: relativePathSchema }),
          /** A further file that the scene has at an absolute path. */
          z.strictObject({ file: z.string().min(1).max(4_000) }),
        ]),
      )
      .min(1)
      .max(MAX_FRAME_FILES),
    seconds: z.number().min(0).max(MAX_FRAME_SECONDS),
    peakBytes: z.number().min(0).nullable(),
    warnings: z.array(sentenceSchema).max(100),
    log: linesSchema,
  }),
  /** The frame failed. `final`: a retry is pointless. */
  z.strictObject({
    outcome: z.literal('failed'),
    reason: sentenceSchema,
    final: z.boolean(),
    kind: z.enum(FAILURE_KINDS),
    /** What was wrong, as far as it decides what mends it. */
    failure: engineFailureSchema,
    log: linesSchema,
  }),
  /** The machine can't render now, which says nothing about the frame. */
  z.strictObject({ outcome: z.literal('unable'), reason: sentenceSchema }),
]);
export type TicketResult = z.infer<typeof ticketResultSchema>;
export type RenderedResult = Extract<TicketResult, { outcome: 'rendered' }>;

/**
 * Header of a ticket's last file, with its result: the two are one request then. The answer has it, too, once the result was
 * taken; where that is missing the result is sent by itself.
 */
export const RESULT_HEADER = 'ticket-result';
/** Maximum length of that header: many proxies take 8 KB of them in all. */
const MAX_RESULT_HEADER = 4_000;

/**
 * Value of the header with a result; null where it has to be sent as a body: one that is too long, and one that the
 * manager will refuse, which must not cost the file that it rides on.
 */
export function resultHeader(result: TicketResult): string | null {
  // Headers are ASCII.
  const json = JSON.stringify(result).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return json.length > MAX_RESULT_HEADER || !ticketResultSchema.safeParse(result).success ? null : json;
}

/** A delivered file, as a result lists it. */
export type DeliveredFile = RenderedResult['files'][number];

/** What an engine printed last, shortened to what a result may carry. */
export function shortLog(lines: readonly string[]): string[] {
  return lines.slice(-MAX_LOG_LINES).map((line) => line.slice(0, MAX_LINE));
}

/** A sentence, shortened to what a message may carry. */
export function shortSentence(text: string): string {
  return cutTo(text, MAX_LINE);
}

/** Value of the header `Content-Digest` (RFC 9530) of a file. @param sha256 hex */
export function contentDigest(sha256: string): string {
  const bytes = sha256.match(/../g)!.map((pair) => Number.parseInt(pair, 16));
  return `sha-256=:${btoa(String.fromCharCode(...bytes))}:`;
}
