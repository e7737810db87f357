import { z } from 'zod';
import { preferenceValueSchema } from './addons';
import './schema-words';
import { shownText } from './texts/shown-text';

/** Maximum number of operators of one add-on. */
export const MAX_OPERATORS = 50;
/** Maximum length of the texts of one operator, and of all of one add-on, in characters. */
export const MAX_OPERATOR_TEXT = 64 * 1024;
export const MAX_OPERATORS_TEXT = 512 * 1024;
/** Maximum number of an operator's runs at the same time, over all operators of one add-on. */
export const MAX_RUNS = 4;

const parameterBase = {
  key: z
    .string()
    .max(40)
    .regex(/^[a-z][a-zA-Z0-9]*$/, 'a parameter key starts with a small letter and has only letters and digits'),
  label: shownText().min(1).max(60),
  description: shownText().max(300).default(''),
};
const text = z.string().max(10_000);

/**
 * A parameter of an operator, from which forms, command lines and checks are made. The forms are those of preferences
 * (src/shared/addons.ts), and three of the host's own: `job`, the number of a job; `frame`, the number of a frame;
 * `frames`, a frame range such as `1-24`. One without a default has to be given.
 */
export const operatorParameterSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...parameterBase,
    type: z.enum(['string', 'path']),
    default: text.optional(),
    pattern: z.string().max(500).optional(),
  }),
  z.strictObject({
    ...parameterBase,
    type: z.enum(['integer', 'number']),
    default: z.number().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
  z.strictObject({ ...parameterBase, type: z.literal('boolean'), default: z.boolean().default(false) }),
  z.strictObject({
    ...parameterBase,
    type: z.literal('enum'),
    default: z.string().max(200).optional(),
    values: z.array(z.string().min(1).max(200)).min(1).max(50),
  }),
  z.strictObject({ ...parameterBase, type: z.enum(['job', 'frame']) }),
  z.strictObject({ ...parameterBase, type: z.literal('frames'), default: text.optional() }),
]);
export type OperatorParameter = z.infer<typeof operatorParameterSchema>;
/** A parameter as an author declares it: `description` and the default of a boolean may be left out. */
export type OperatorParameterDeclaration = z.input<typeof operatorParameterSchema>;

/** An operator as its add-on declares it. */
export const operatorDefinitionSchema = z
  .strictObject({
    /** Unique within the add-on. */
    id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an operator’s id has small letters, digits and hyphens'),
    label: shownText().min(1).max(60),
    description: shownText().max(300).default(''),
    parameters: z.array(operatorParameterSchema).max(20).default([]),
    /** The menu that shows it under the add-on's name; search finds every operator. */
    menu: z.enum(['render', 'job', 'window']).optional(),
    /** The key that runs it unless the person or the program has another use for it: `Ctrl+Shift+E`. */
    key: z.string().max(40).optional(),
    /** A question that the window asks before it runs. */
    confirm: shownText().min(1).max(300).optional(),
  })
  .refine(
    ({ parameters }) => new Set(parameters.map(({ key }) => key)).size === parameters.length,
    'two of its parameters have the same key',
  )
  .refine(
    ({ menu, parameters }) => menu !== 'job' || parameters.some(({ type }) => type === 'job'),
    'an operator in the menu of jobs needs a parameter of the type “job”',
  );
export type OperatorDefinition = z.infer<typeof operatorDefinitionSchema>;

/** An operator as clients see it. */
export const operatorSchema = operatorDefinitionSchema.safeExtend({
  /** `ADDON.OPERATOR`, as `video.encode`. */
  id: z.string(),
  addonId: z.string(),
  addonName: shownText(),
});
export type Operator = z.infer<typeof operatorSchema>;

/** Small values by name, for scripts. */
const resultDataSchema = z
  .record(z.string().max(60), z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]))
  .refine((data) => Object.keys(data).length <= 50, 'it has more than 50 values');

/** What an operator answers. */
export const operatorResultSchema = z.object({
  /** A sentence that says what was done. */
  text: shownText().max(1_000),
  /** A sentence that says how to take it back. */
  undo: shownText().max(500).optional(),
  data: resultDataSchema.optional(),
});
export type OperatorResult = z.infer<typeof operatorResultSchema>;

/** One run of an operator. Times are milliseconds since 1970. */
export const operatorRunSchema = z.object({
  /** Counted from 1 since the host started. */
  run: z.int(),
  /** `ADDON.OPERATOR`. */
  operator: z.string(),
  label: shownText(),
  addonName: shownText(),
  /** `cancelling`: it was asked to stop. */
  state: z.enum(['running', 'cancelling', 'done', 'failed', 'cancelled']),
  /** From 0 to 1; null where it is not known. */
  progress: z.number().nullable(),
  /** What it is doing. */
  text: shownText(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  result: operatorResultSchema.nullable(),
  /** Why it failed, in a sentence. */
  error: shownText().nullable(),
});
export type OperatorRun = z.infer<typeof operatorRunSchema>;

export const operatorParametersSchema = z.record(z.string().max(60), preferenceValueSchema);

/** Messages of an add-on's process about its operators. */
export const operatorMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('operator'), operator: operatorDefinitionSchema }),
  z.object({ type: z.literal('operator-removed'), id: z.string().max(100) }),
  z.object({
    type: z.literal('operator-progress'),
    run: z.int(),
    progress: z.number().min(0).max(1).nullable(),
    text: shownText().max(300),
  }),
  z.object({
    type: z.literal('operator-ended'),
    run: z.int(),
    result: operatorResultSchema.nullable(),
    /** Null where it ended well, or because it was cancelled. */
    error: z.string().max(2_000).nullable(),
  }),
]);
export type OperatorMessage = z.infer<typeof operatorMessageSchema>;

/** Messages of the host to an add-on's process about its operators. */
export const operatorCommandSchema = z.discriminatedUnion('type', [
  /** Answered by `operator-ended`, with any number of `operator-progress` before it. */
  z.object({
    type: z.literal('operator-run'),
    run: z.int(),
    /** Its id within the add-on. */
    id: z.string(),
    /** Checked and complete. */
    parameters: z.record(z.string(), preferenceValueSchema),
  }),
  z.object({ type: z.literal('operator-cancel'), run: z.int() }),
]);
export type OperatorCommand = z.infer<typeof operatorCommandSchema>;

/** What an operator counts against {@link MAX_OPERATOR_TEXT}: the characters of all its texts. */
export function operatorSize(operator: OperatorDefinition): number {
  const textOf = (value: unknown): number => {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return 0;
    return Object.values(value).reduce<number>((sum, part) => sum + textOf(part), 0);
  };
  return textOf(operator);
}
