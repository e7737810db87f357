import { z } from 'zod';
import { installResultSchema } from '../../shared/addons';
import { type Right, operationReplySchema } from '../../shared/host-api';
import { MAX_SIDE } from '../../shared/jobs';

/**
 * A route whose response is not an operation's JSON; described here for the OpenAPI document, implemented in api.ts.
 */
export interface SpecialRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: Right | 'none';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: { readonly types: readonly string[]; readonly schema?: z.ZodType };
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly types: readonly string[];
    readonly schema?: z.ZodType;
  };
  /** Error statuses that it may answer with beside those of every route. */
  readonly refusals?: readonly (503 | 507)[];
}

/** Content types accepted for a scene file. */
export const SCENE_TYPES = ['application/octet-stream', 'model/gltf-binary', 'model/gltf+json'];

export const cursorQuerySchema = z.strictObject({
  cursor: z
    .int()
    .min(0)
    .optional()
    .describe('Of the last event that is known; 0 for all that are kept; without it, only what happens from now on'),
});
export const imageParamsSchema = z.object({
  id: z.int().describe('Number of the job'),
  frame: z.int().describe('Number of the frame'),
});
export const imageQuerySchema = z.strictObject({
  size: z
    .int()
    .min(1)
    .max(MAX_SIDE)
    .optional()
    .describe('Pixels of the longer side of a thumbnail; the whole image otherwise'),
});
export const pixelsQuerySchema = z.strictObject({
  layer: z.string().max(512).optional().describe('As ViewLayer.Combined; without it, the one that the image shows'),
});
export const uploadQuerySchema = z.strictObject({
  name: z.string().min(1).max(255).describe('File name of the scene, with its ending'),
  batch: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Any text that scenes sent together have in common: they do not replace each other'),
});
const uploadAnswerSchema = z.object({
  path: z.string().describe('Where it is now, to be opened or rendered from there'),
});
/** Content types accepted for an add-on. */
export const ADDON_TYPES = ['application/zip', 'application/octet-stream'];
export const addonUploadQuerySchema = z.strictObject({
  name: z.string().min(1).max(255).default('add-on.zip').describe('File name of the add-on'),
  consent: z
    .array(z.string().max(200))
    .max(200)
    .default([])
    .describe('Permissions that an update may newly ask for, as a former answer listed them'),
});
export const operationParamsSchema = z.object({ operation: z.string().describe('As queue.get') });

export const specialRoutes = [
  {
    method: 'GET',
    path: '/jobs/:id/frames/:frame/image',
    id: 'getFrameImage',
    tag: 'Frames',
    summary: 'The image of a frame that was written',
    access: 'read',
    params: imageParamsSchema,
    query: imageQuerySchema,
    answer: { status: 200, description: 'The image', types: ['image/*'] },
    refusals: [503],
  },
  {
    method: 'GET',
    path: '/jobs/:id/frames/:frame/pixels',
    id: 'getFramePixels',
    tag: 'Frames',
    summary:
      'A layer of a frame that was written as OpenEXR, in scene-linear light: the length of a JSON description in 32 bits, the description, padded to four bytes, and RGBA as half floats, all little-endian',
    access: 'read',
    params: imageParamsSchema,
    query: pixelsQuerySchema,
    answer: { status: 200, description: 'The pixels', types: ['application/octet-stream'] },
    refusals: [503],
  },
  {
    method: 'POST',
    path: '/scenes',
    id: 'uploadScene',
    tag: 'Scenes',
    summary:
      'Takes a scene file that is not on the host’s machine; it replaces one of its name, unless a job that has not ended renders that: then it gets a number',
    access: 'control',
    query: uploadQuerySchema,
    body: { types: SCENE_TYPES },
    answer: { status: 201, description: 'It is there', types: ['application/json'], schema: uploadAnswerSchema },
    refusals: [507],
  },
  {
    method: 'POST',
    path: '/addons',
    id: 'uploadAddon',
    tag: 'Add-ons',
    summary:
      'Installs the add-on in a .zip that is not on the host’s machine, or updates the one with the same id; an update that asks for further permissions changes nothing and answers with them',
    access: 'control',
    query: addonUploadQuerySchema,
    body: { types: ADDON_TYPES },
    answer: {
      status: 200,
      description: 'It is installed, or it needs consent',
      types: ['application/json'],
      schema: installResultSchema,
    },
    refusals: [507],
  },
  {
    method: 'GET',
    path: '/operators/openapi.json',
    id: 'describeOperators',
    tag: 'Operators',
    summary: 'An OpenAPI document of the operators of running add-ons, with the schemas of their parameters',
    access: 'read',
    answer: { status: 200, description: 'The document', types: ['application/json'] },
  },
  {
    method: 'GET',
    path: '/events/stream',
    id: 'followEvents',
    tag: 'Events',
    summary:
      'Lifecycle events as server-sent events, those of the past first; the id of each is its cursor, which a client that was cut off sends as Last-Event-ID. An event “gap” tells that some are no longer kept',
    access: 'read',
    query: cursorQuerySchema,
    answer: { status: 200, description: 'Events without end', types: ['text/event-stream'] },
  },
  {
    method: 'GET',
    path: '/socket',
    id: 'openSocket',
    tag: 'Events',
    summary:
      'A WebSocket (subprotocols “framegauge” and “token.TOKEN”) that takes {call, operation, input}, answers {call, reply}, and tells {event}; with a cursor it tells {lifecycle} and {gap} too',
    access: 'read',
    query: cursorQuerySchema,
    answer: { status: 101, description: 'The connection is a WebSocket now', types: [] },
  },
  {
    method: 'POST',
    path: '/operations/:operation',
    id: 'callOperation',
    tag: 'Host',
    summary: 'Carries out an operation by its name; some need the control token',
    access: 'read',
    params: operationParamsSchema,
    body: { types: ['application/json'], schema: z.unknown() },
    answer: { status: 200, description: 'Done', types: ['application/json'], schema: operationReplySchema },
  },
  {
    method: 'GET',
    path: '/openapi.json',
    id: 'getOpenApi',
    tag: 'Host',
    summary: 'This document',
    access: 'none',
    answer: { status: 200, description: 'An OpenAPI document', types: ['application/json'] },
  },
  {
    method: 'GET',
    path: '/',
    id: 'readApi',
    tag: 'Host',
    summary: 'This document as a page for people',
    access: 'none',
    answer: { status: 200, description: 'A page', types: ['text/html'] },
  },
] as const satisfies readonly SpecialRoute[];
