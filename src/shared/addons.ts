import { z } from 'zod';
import './schema-words';
import { shownText } from './texts/shown-text';

const preferenceBase = {
  key: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]*$/, 'a preference key starts with a small letter and has only letters and digits'),
  label: shownText().min(1),
  description: shownText().default(''),
  /** Heading of a collapsible group in the panel. Preferences without a group are always visible. */
  group: shownText().min(1).max(60).optional(),
};

/** A preference declared by an add-on; the panel renders it and the host validates it. */
const addonPreferenceSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...preferenceBase,
    type: z.enum(['string', 'path', 'secret']),
    default: z.string(),
    /** Of HTML: the whole text has to match. Of defaults only the check of the kit tells. */
    pattern: z.string().max(500).optional(),
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

/**
 * What an add-on may read and write outside of its own folder and its storage. A name is `output` (the folders that
 * jobs write to), `scenes` (the folders of scenes), both for reading only and without the folders of jobs for an add-on
 * that may submit some, or the key of a preference of type `path`:
 * the folder that it names, or the folder of the file that it names, and nothing while it is empty. Where nothing is
 * there, a name with an extension is a file's and any other a folder's.
 */
const filesPermissionSchema = z.strictObject({
  reason: shownText(),
  read: z.array(z.string().max(100)).max(50).default([]),
  write: z.array(z.string().max(100)).max(50).default([]),
});
export type FilesPermission = z.infer<typeof filesPermissionSchema>;

/** Requested permissions, each with the reason shown to the user. */
export const addonPermissionsSchema = z.strictObject({
  network: shownText().optional(),
  files: filesPermissionSchema.optional(),
  /** Other programs, worker threads and native modules: Node restricts none of them. */
  processes: shownText().optional(),
  /** `read`: sees every job, its frames and their images; `control`: also submits and changes jobs. */
  jobs: z.strictObject({ reason: shownText().min(1), access: z.enum(['read', 'control']) }).optional(),
});
export type AddonPermissions = z.infer<typeof addonPermissionsSchema>;

/** Of Semantic Versioning (https://semver.org), whose numbers have no leading zeros: `01.0.0` would be another name of `1.0.0`. */
const NUMBER = '(?:0|[1-9]\\d*)';
const PRE_RELEASE = `(?:${NUMBER}|\\d*[a-zA-Z-][\\da-zA-Z-]*)`;
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${PRE_RELEASE}(?:\\.${PRE_RELEASE})*)?(?:\\+[\\da-zA-Z-]+(?:\\.[\\da-zA-Z-]+)*)?$`,
);
const version = z.string().regex(VERSION, 'a version has the form 1.2.3 or 1.2.3-beta.1, without leading zeros');

/** `addon.json`. */
export const addonManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,62}$/, 'an id has small letters, digits and hyphens, and starts with a letter')
    // It becomes a folder's name, which these cannot be on Windows.
    .regex(/^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)/, 'an id is no name that Windows keeps for devices'),
  version,
  name: shownText().min(1),
  tagline: shownText().min(1),
  description: shownText().optional(),
  author: shownText().min(1),
  license: shownText().min(1),
  category: shownText().min(1),
  /** Words by which it is found in a repository. */
  tags: z.array(shownText().min(1).max(40)).max(10).optional(),
  /** The add-on API version that it targets. */
  api: z.literal('^1'),
  hostVersionMin: version.optional(),
  hostVersionMax: version.optional(),
  /** Module to load, relative to the folder of addon.json. */
  main: z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+\.m?js$/, 'main is a .js or .mjs file inside the add-on’s folder'),
  permissions: addonPermissionsSchema.default({}),
  preferences: z.array(addonPreferenceSchema).max(100).default([]),
});
export type AddonManifest = z.infer<typeof addonManifestSchema>;

export const addonStateSchema = z.enum(['off', 'starting', 'running', 'stopping', 'failed']);
export type AddonState = z.infer<typeof addonStateSchema>;

const label = shownText().min(1).max(60);

/** An action offered in the add-on's panel; the panel decides how to carry it out. */
export const addonActionSchema = z.discriminatedUnion('type', [
  /** Opens a web page in its own window. */
  z.object({ type: z.literal('open'), label, href: z.string().max(500) }),
  /** Copies text to the clipboard; `note` is a sentence of advice about it. */
  z.object({ type: z.literal('copy'), label, text: z.string().max(10_000), note: shownText().max(500).optional() }),
  /** Lets the user choose a folder on the host's machine and writes the monitoring kit to it. */
  z.object({ type: z.literal('save-monitoring-kit'), label }),
]);
export type AddonAction = z.infer<typeof addonActionSchema>;

/** An add-on's status line in its panel, with labelled details and the actions it offers. */
export const addonStatusSchema = z.object({
  level: z.enum(['ok', 'warning', 'error']),
  text: shownText().max(500),
  details: z
    .array(z.object({ label: shownText().max(60), value: shownText().max(500), href: z.string().max(500).optional() }))
    .max(20)
    .default([]),
  actions: z.array(addonActionSchema).max(8).optional(),
});
export type AddonStatus = z.infer<typeof addonStatusSchema>;

export const addonLogLineSchema = z.object({
  /** Milliseconds since 1970. */
  time: z.number(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: shownText(),
});
export type AddonLogLine = z.infer<typeof addonLogLineSchema>;

/**
 * How a process is really held to its permissions:
 *
 * - `sandboxed`: by the system (bubblewrap) and by Node;
 * - `restricted`: by Node alone, which is no protection against code that means harm
 *   (https://nodejs.org/api/permissions.html#permission-model-constraints);
 * - `unrestricted`: by nothing.
 */
export const addonIsolationSchema = z.object({
  level: z.enum(['sandboxed', 'restricted', 'unrestricted']),
  /** Whether it can reach the network: as it was permitted, because nothing here prevents it, or not at all. */
  network: z.enum(['permitted', 'unprevented', 'closed']),
});
export type AddonIsolation = z.infer<typeof addonIsolationSchema>;

/** An add-on as exposed to the UI and the CLI. */
export const addonSchema = z.object({
  manifest: addonManifestSchema,
  /** Absolute path of its folder. */
  folder: z.string(),
  /** Ships with the program. */
  bundled: z.boolean(),
  enabled: z.boolean(),
  state: addonStateSchema,
  /** How its running process is held to its permissions; null while there is none. */
  isolation: addonIsolationSchema.nullable(),
  /** Why it failed, in words. */
  reason: shownText().nullable(),
  status: addonStatusSchema.nullable(),
  /** Every declared preference with its value; a secret is shown as `••••••` when it is set. */
  preferences: z.record(z.string(), preferenceValueSchema),
  /** Handler failures since it was enabled. */
  handlerErrors: z.int(),
  /** The version before the last update, which it can be rolled back to; null for none. */
  previousVersion: z.string().nullable(),
  /** Problems of a running add-on, a sentence each: metrics that cannot be served, log lines that were dropped. */
  warnings: z.array(shownText()),
});
export type Addon = z.infer<typeof addonSchema>;

/** A permission that an update asks for and the installed version does not. */
export const permissionRequestSchema = z.object({
  /** With how far it goes: `network`, `jobs.control`, `files.read.output`. */
  permission: z.string(),
  /** Why, in the add-on's words. */
  reason: shownText(),
});
export type PermissionRequest = z.infer<typeof permissionRequestSchema>;

/** What came of installing an add-on. */
export const installResultSchema = z.discriminatedUnion('outcome', [
  /** `replaced`: the version that was updated; null for a new add-on. */
  z.object({ outcome: z.literal('installed'), addon: addonSchema, replaced: z.string().nullable() }),
  /** Nothing was changed: the update asks for permissions that a person has to agree to. */
  z.object({
    outcome: z.literal('consent'),
    id: z.string(),
    name: z.string(),
    version: z.string(),
    /** The version that stays until then. */
    installed: z.string(),
    asks: z.array(permissionRequestSchema),
  }),
]);
export type InstallResult = z.infer<typeof installResultSchema>;
