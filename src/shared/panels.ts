import { z } from 'zod';
import { preferenceValueSchema } from './addons';
import './schema-words';
import { shownText } from './texts/shown-text';

/** Maximum number of panels of one add-on. */
export const MAX_PANELS = 10;
/** Maximum length of all panels of one add-on as JSON, in characters. */
export const MAX_PANEL_TEXT = 64 * 1024;
/** Maximum size of the images of one add-on's panels that are bytes of its own, in bytes together. */
export const MAX_PANEL_IMAGE_BYTES = 256 * 1024;
/** Minimum interval between two updates of a panel, in milliseconds; the last one is always shown. */
export const PANEL_INTERVAL = 300;

const label = shownText().min(1).max(60);
const level = z.enum(['ok', 'warning', 'error']);

const elements = [
  z.strictObject({
    type: z.literal('label'),
    text: shownText().max(500),
    level: level.optional(),
    href: z.string().max(500).optional(),
  }),
  z.strictObject({
    type: z.literal('value'),
    label,
    value: z.union([shownText().max(200), z.number()]),
    unit: shownText().max(20).optional(),
    level: level.optional(),
  }),
  z.strictObject({
    type: z.literal('table'),
    label,
    columns: z.array(shownText().max(60)).min(1).max(8),
    /** A cell for each column. */
    rows: z.array(z.array(z.union([shownText().max(200), z.number()])).max(8)).max(50),
  }),
  /** The last values of something, oldest first; null leaves a gap. */
  z.strictObject({
    type: z.literal('sparkline'),
    label,
    points: z.array(z.number().nullable()).max(100),
    unit: shownText().max(20).optional(),
  }),
  /**
   * A preference of the add-on, to be changed, or a parameter of one of its operators, which the buttons of that operator
   * in the panel then use.
   */
  z
    .strictObject({
      type: z.literal('field'),
      preference: z.string().max(100).optional(),
      /** The operator's id within the add-on. */
      operator: z.string().max(100).optional(),
      /** The parameter's key. */
      parameter: z.string().max(60).optional(),
    })
    .refine(
      ({ preference, operator, parameter }) =>
        (preference === undefined) !== (operator === undefined) &&
        (operator === undefined) === (parameter === undefined),
      'a field names either a preference, or an operator and a parameter of it',
    ),
  /** Runs an operator of the add-on; what neither `parameters` nor a field gives is asked for. */
  z.strictObject({
    type: z.literal('button'),
    /** The operator's id within the add-on. */
    operator: z.string().max(100),
    /** The operator's label where it is left out. */
    label: label.optional(),
    parameters: z.record(z.string().max(60), preferenceValueSchema).optional(),
  }),
] as const;

const ofFrame = { type: z.literal('image'), label, job: z.int().optional(), frame: z.int().optional() };
const ONE_IMAGE = 'an image is either that of a job’s frame, or bytes';
const isOneImage = ({ job, frame }: { job?: unknown; frame?: unknown }, bytes: unknown): boolean =>
  (job === undefined) !== (bytes === undefined) && (job === undefined) === (frame === undefined);

/**
 * One thing in a panel. The window draws it from this data alone: there is no HTML, and a link is followed only where it
 * leads to the web.
 */
export const panelElementSchema = z.discriminatedUnion('type', [
  ...elements,
  /** The image of a written frame of a job, or bytes of a PNG, JPEG or WebP. */
  z
    .strictObject({
      ...ofFrame,
      bytes: z
        .custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes are expected, as a Uint8Array or Buffer')
        .optional(),
    })
    .refine((image) => isOneImage(image, image.bytes), ONE_IMAGE),
]);
export type PanelElement = z.infer<typeof panelElementSchema>;

/** A panel as its add-on declares it. */
export const panelDefinitionSchema = z.strictObject({
  /** Unique within the add-on. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a panel’s id has small letters, digits and hyphens'),
  /**
   * `properties`: below the properties; `job`: below the queue; `frame`: in the details of a frame; `status-bar`: labels,
   * values and buttons in one line; `statistics`: below the charts.
   */
  place: z.enum(['properties', 'job', 'frame', 'status-bar', 'statistics']),
  title: label,
  /** Shown only while this job is. */
  job: z.int().optional(),
  elements: z.array(panelElementSchema).max(30).default([]),
});
export type PanelDefinition = z.infer<typeof panelDefinitionSchema>;

/** A thing in a panel as clients see it. */
export const shownElementSchema = z.discriminatedUnion('type', [
  ...elements,
  z
    .strictObject({
      ...ofFrame,
      /** The checked bytes of an image as a `data:` address. */
      source: z.string().optional(),
    })
    .refine((image) => isOneImage(image, image.source), ONE_IMAGE),
]);
export type ShownElement = z.infer<typeof shownElementSchema>;

/** A panel as clients see it. */
export const panelSchema = panelDefinitionSchema.extend({
  /** `ADDON.PANEL`. */
  id: z.string(),
  addonId: z.string(),
  addonName: shownText(),
  elements: z.array(shownElementSchema),
});
export type Panel = z.infer<typeof panelSchema>;

/** Messages of an add-on's process about its panels. */
export const panelMessageSchema = z.discriminatedUnion('type', [
  /** A new panel, or a known one with other content. */
  z.object({ type: z.literal('panel'), panel: panelDefinitionSchema }),
  z.object({ type: z.literal('panel-removed'), id: z.string().max(100) }),
]);
export type PanelMessage = z.infer<typeof panelMessageSchema>;

/** What a panel counts against {@link MAX_PANEL_TEXT} and {@link MAX_PANEL_IMAGE_BYTES}. */
export function panelSize({ elements, ...rest }: PanelDefinition): { text: number; bytes: number } {
  let bytes = 0;
  const texts = elements.map((element) => {
    if (element.type !== 'image') return element;
    bytes += element.bytes?.byteLength ?? 0;
    return { ...element, bytes: undefined };
  });
  return { text: JSON.stringify({ ...rest, elements: texts }).length, bytes };
}
