import { z } from 'zod';

const preferenceBase = {
  key: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]*$/, 'a preference key starts with a small letter and has only letters and digits'),
  label: z.string().min(1),
  description: z.string().default(''),
  /** Heading under which the panel folds it away with others of the same group. Preferences without one are always in sight. */
  group: z.string().min(1).max(60).optional(),
};

/** One preference that an add-on declares; the panel draws it and the host validates it. */
export const addonPreferenceSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...preferenceBase,
    type: z.enum(['string', 'path', 'secret']),
    default: z.string(),
    pattern: z.string().optional(),
  }),
  z.strictObject({
    ...preferenceBase,
    type: z.enum(['integer', 'number']),
    default: z.number(),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
  z.strictObject({ ...preferenceBase, type: z.literal('boolean'), default: z.boolean() }),
  z.strictObject({
    ...preferenceBase,
    type: z.literal('enum'),
    default: z.string(),
    values: z.array(z.string()).min(1),
  }),
]);
export type AddonPreference = z.infer<typeof addonPreferenceSchema>;

export const preferenceValueSchema = z.union([z.string(), z.number(), z.boolean()]);
export type PreferenceValue = z.infer<typeof preferenceValueSchema>;
export type PreferenceValues = Record<string, PreferenceValue>;

const version = z.string().regex(/^\d+\.\d+\.\d+/, 'a version has the form 1.2.3');

/** `addon.json`. */
export const addonManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,62}$/, 'an id has small letters, digits and hyphens, and starts with a letter'),
  version,
  name: z.string().min(1),
  tagline: z.string().min(1),
  description: z.string().optional(),
  author: z.string().min(1),
  license: z.string().min(1),
  category: z.string().min(1),
  /** The add-on API that it was written for. */
  api: z.literal('^1'),
  hostVersionMin: version.optional(),
  hostVersionMax: version.optional(),
  /** Module to load, relative to the folder of addon.json. */
  main: z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+\.m?js$/, 'main is a .js or .mjs file inside the add-on’s folder'),
  /** What it needs, each with the reason to show to the person. */
  permissions: z
    .strictObject({ network: z.string().optional(), files: z.string().optional(), processes: z.string().optional() })
    .default({}),
  preferences: z.array(addonPreferenceSchema).default([]),
});
export type AddonManifest = z.infer<typeof addonManifestSchema>;

export const addonStateSchema = z.enum(['off', 'starting', 'running', 'stopping', 'failed']);
export type AddonState = z.infer<typeof addonStateSchema>;

const label = z.string().min(1).max(60);

/** Something that an add-on offers in its panel; how it is done is the panel's affair. */
export const addonActionSchema = z.discriminatedUnion('type', [
  /** Opens a web page in a window of its own. */
  z.object({ type: z.literal('open'), label, href: z.string().max(500) }),
  /** Puts text on the clipboard; `note` is a sentence to know about it. */
  z.object({ type: z.literal('copy'), label, text: z.string().max(10_000), note: z.string().max(500).optional() }),
  /** Lets the person choose a folder on the host's machine and writes the monitoring kit into it. */
  z.object({ type: z.literal('save-monitoring-kit'), label }),
]);
export type AddonAction = z.infer<typeof addonActionSchema>;

/** The line that an add-on shows in its panel, with details as a list of labels and values, and with what it offers to do. */
export const addonStatusSchema = z.object({
  level: z.enum(['ok', 'warning', 'error']),
  text: z.string().max(500),
  details: z
    .array(z.object({ label: z.string().max(60), value: z.string().max(500), href: z.string().max(500).optional() }))
    .max(20)
    .default([]),
  actions: z.array(addonActionSchema).max(8).optional(),
});
export type AddonStatus = z.infer<typeof addonStatusSchema>;

export const addonLogLineSchema = z.object({
  /** Milliseconds since 1970. */
  time: z.number(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
});
export type AddonLogLine = z.infer<typeof addonLogLineSchema>;

/** An add-on as the UI and the CLI see it. */
export const addonSchema = z.object({
  manifest: addonManifestSchema,
  /** Absolute path of its folder. */
  folder: z.string(),
  /** Comes with the program. */
  bundled: z.boolean(),
  enabled: z.boolean(),
  state: addonStateSchema,
  /** Why it failed, in words. */
  reason: z.string().nullable(),
  status: addonStatusSchema.nullable(),
  /** Every declared preference with its value; a secret is shown as `••••••` when it is set. */
  preferences: z.record(z.string(), preferenceValueSchema),
  /** Handlers that threw since it was enabled. */
  handlerErrors: z.int(),
});
export type Addon = z.infer<typeof addonSchema>;
