import { z } from 'zod';
import { preferenceValueSchema } from '../../shared/addons';
import { operations } from '../../shared/host-api';
import { workerSchema } from '../../shared/workers';
import { type RestRoute, page, route } from './rest-route';

const scenePath = z.strictObject({
  path: z.string().min(1).describe('Full path of the scene file on the host’s machine'),
});

/** Routes of the host, its scene, its preferences and its events. */
export const hostRoutes: readonly RestRoute[] = [
  route('GET', '/state', 'host.state', 'Everything that a UI needs to draw itself', { id: 'getState', tag: 'Host' }),
  route('GET', '/workers', 'host.state', 'The workers that live now', {
    id: 'listWorkers',
    tag: 'Host',
    output: z.array(workerSchema),
    answer: ({ workers }) => workers,
  }),
  route('GET', '/engines', 'engines.list', 'What can render here', {
    id: 'listEngines',
    tag: 'Host',
    query: z.strictObject({
      refresh: z.boolean().default(false).describe('Look again for what was installed meanwhile'),
    }),
  }),
  route('GET', '/statistics', 'statistics.get', 'What the host has in memory of its last hours', {
    id: 'getStatistics',
    tag: 'Host',
    query: z.strictObject({
      since: z.number().optional().describe('Only what is newer, in milliseconds since 1970'),
      job: z.int().optional().describe('Only the frame times and failures of this job'),
    }),
  }),
  route(
    'POST',
    '/monitoring',
    'monitoring.save',
    'Writes the files that a Prometheus and a Grafana need into a folder',
    {
      id: 'saveMonitoring',
      tag: 'Host',
      failed: 422,
      body: z.strictObject({ folder: z.string().min(1).describe('Full path on the host’s machine') }),
    },
  ),
  route('GET', '/files', 'files.list', 'Folders and scene files of a folder on the host’s machine', {
    id: 'listFiles',
    tag: 'Host',
    failed: 422,
    query: z.strictObject({ folder: z.string().optional().describe('Full path; the open scene’s folder otherwise') }),
  }),
  route('GET', '/scene', 'host.state', 'The open scene; null when there is none', {
    id: 'getScene',
    tag: 'Scenes',
    output: operations['host.state'].output.shape.scene,
    answer: ({ scene }) => scene,
  }),
  route('GET', '/scenes/recent', 'scene.recent', 'The scenes that were opened last, the latest first', {
    id: 'listRecentScenes',
    tag: 'Scenes',
  }),
  route('PUT', '/scene', 'scene.open', 'Opens a scene', {
    id: 'openScene',
    tag: 'Scenes',
    body: scenePath,
    failed: 422,
  }),
  route('GET', '/scene/view', 'scene.view', 'Where a live view finds the files of the open scene', {
    id: 'viewScene',
    tag: 'Scenes',
    failed: 422,
  }),
  route('POST', '/scenes/inspect', 'scene.inspect', 'Reads a scene without opening it', {
    id: 'inspectScene',
    tag: 'Scenes',
    body: scenePath,
    failed: 422,
  }),
  route('GET', '/preferences', 'host.state', 'The host’s own preferences', {
    id: 'getPreferences',
    tag: 'Preferences',
    output: operations['host.state'].output.shape.preferences,
    answer: ({ preferences }) => preferences,
  }),
  route('PUT', '/preferences/:key', 'preferences.set', 'Sets a preference', {
    id: 'setPreference',
    tag: 'Preferences',
    params: z.object({ key: z.string().describe('As render.workers, or addons.prometheus.address') }),
    body: z.strictObject({ value: preferenceValueSchema }),
    input: ({ params, body }) => ({ key: params.key, value: body.value }),
  }),
  route('GET', '/events', 'events.list', 'Stored lifecycle events after a cursor, the oldest first', {
    id: 'listEvents',
    tag: 'Events',
    query: z.strictObject({
      cursor: z.int().min(0).default(0).describe('Of the last event that is known; 0 for all that are kept'),
      limit: page.limit,
    }),
    input: ({ query }) => ({ after: query.cursor, limit: query.limit }),
  }),
];
