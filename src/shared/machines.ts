import { z } from 'zod';
import './schema-words';
import { machineIdSchema, machineNameSchema, sentenceSchema, versionSchema } from './farm';
import { rootNameSchema } from './farm-files';
import { installationSchema, machineErrorSchema, memorySchema } from './machine-facts';
import { tagsSchema } from './machine-limits';
import { engineIdSchema } from './scene';
import { SCHEDULE_RULE, readSchedule } from './sleep-schedule';

/**
 * `draining`: it is paused and finishes its frames; `asleep`: by its schedule, or because somebody uses it; `resting`: it
 * could not render, and gets no frames for a while; `refused`: its version is another one; `cut-off`: it has not been heard from.
 */
export const machineStateSchema = z.enum([
  'idle',
  'rendering',
  'draining',
  'paused',
  'asleep',
  'resting',
  'refused',
  'cut-off',
]);
export type MachineState = z.infer<typeof machineStateSchema>;

const sleepSchema = z
  .string()
  .max(1_000)
  .refine((text) => readSchedule(text) !== null, SCHEDULE_RULE);
const idleMinutesSchema = z.int().min(1).max(1_440).nullable();

/** What is set for a machine on the manager. */
export const machineSettingsSchema = z.object({
  /** It gets no frames until it is resumed. */
  paused: z.boolean().default(false),
  /** What it has, as a job may need it. */
  tags: tagsSchema.default([]),
  /** When it sleeps, as `mon-fri 8:00-18:00` in its own time; empty for never. */
  sleep: sleepSchema.default(''),
  /** It renders only after nobody has used it for so many minutes; null: whoever uses it. */
  idleMinutes: idleMinutesSchema.default(null),
});
export type MachineSettings = z.infer<typeof machineSettingsSchema>;

/** What may be changed of a machine's settings; pausing it also concerns its frames in work. */
export const machineChangesSchema = z.strictObject({
  tags: tagsSchema.optional().describe('What it has, as a job may need it'),
  sleep: sleepSchema.optional().describe('When it sleeps, as mon-fri 8:00-18:00 in its own time; empty for never'),
  idleMinutes: idleMinutesSchema
    .optional()
    .describe('It renders only after nobody has used it for so many minutes; null: whoever uses it'),
});
export type MachineChanges = z.infer<typeof machineChangesSchema>;

/** A machine as clients see it. */
export const machineSchema = z.object({
  id: machineIdSchema,
  name: machineNameSchema,
  state: machineStateSchema,
  /** Why it gets no frames, or an idle one none of a scene, as a sentence; null for neither. */
  reason: sentenceSchema.nullable(),
  ...machineSettingsSchema.shape,
  /** Number of workers that it lends; 0 before it was heard from. */
  workers: z.int(),
  /** Number of its frames in work. */
  frames: z.int(),
  /** Engines that work there. */
  engines: z.array(engineIdSchema),
  /** Programs of engines there, as Blender, of which it may have several. */
  installations: z.array(installationSchema.pick({ engine: true, version: true })),
  /** Names of the manager's roots that it sees. */
  roots: z.array(rootNameSchema),
  /** Its memory, by all programs; null where it is not known. Not told whenever it changes a little. */
  memory: memorySchema.nullable(),
  /** Why a frame failed there last, or it could not render, since the host's start. */
  lastError: machineErrorSchema.nullable(),
  /** Where Prometheus finds the metrics of its own process, as HOST:PORT; null where it serves none. */
  metrics: z.string().nullable(),
  /** Its version of Framegauge. */
  version: versionSchema,
  /** When it was last heard from, milliseconds since 1970; null since the host's start not. */
  lastSeen: z.number().nullable(),
  /** When it joined, milliseconds since 1970. */
  joinedAt: z.number(),
});
export type MachineInfo = z.infer<typeof machineSchema>;

/** An invitation for one machine. */
export const invitationSchema = z.object({
  /** Address of the manager for machines. */
  url: z.string(),
  /** A secret for one use, and the fingerprint of the manager's certificate. */
  token: z.string(),
  /** What to type on the machine. */
  command: z.string(),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
});
export type Invitation = z.infer<typeof invitationSchema>;
