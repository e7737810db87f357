import { hostname } from 'node:os';
import type { MetricFamily } from '../../api/context';
import { writeExposition } from '../../api/metrics/exposition';
import { groupingKey, groupPath, keepLabels } from './grouping-key';
import { httpSend } from './http-send';
import type { Output, OutputPreferences } from './output';

/** For one request, in milliseconds. */
const TIMEOUT = 10_000;
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Pushes the metrics to a Pushgateway (https://github.com/prometheus/pushgateway): `push` replaces everything in the group, `pushadd` only series of the same names.
 *
 * @throws Error where a preference cannot be used
 */
export function pushgatewayOutput(preferences: OutputPreferences): Output | null {
  const text = preferences.text('pushgatewayUrl');
  if (text === '') return null;
  const base = parseUrl(text);
  const key = groupingKey(
    preferences.text('pushgatewayJob'),
    preferences.text('pushgatewayInstance') || hostname(),
    preferences.text('pushgatewayLabels'),
  );
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${groupPath(key)}`;
  const method = preferences.text('pushgatewayMethod') === 'pushadd' ? 'POST' : 'PUT';
  const user = preferences.text('pushgatewayUser');
  const credentials = Buffer.from(`${user}:${preferences.text('pushgatewayPassword')}`).toString('base64');
  const authorization: Record<string, string> = user === '' ? {} : { authorization: `Basic ${credentials}` };
  const deletes = preferences.boolean('pushgatewayDelete');

  async function ask(verb: 'PUT' | 'POST' | 'DELETE', body: Buffer | null, signal: AbortSignal): Promise<void> {
    let answer: { status: number; text: string };
    try {
      answer = await httpSend({
        method: verb,
        url,
        headers: { ...authorization, ...(body ? { 'content-type': CONTENT_TYPE } : {}) },
        body,
        signal,
        timeout: TIMEOUT,
      });
    } catch (error) {
      throw new Error(`The Pushgateway ${base.host} could not be reached: ${messageOf(error)}.`, { cause: error });
    }
    if (answer.status >= 200 && answer.status < 300) return;
    const said = answer.text.trim().split('\n')[0]!.slice(0, 200);
    throw new Error(
      `The Pushgateway ${base.host} answered ${answer.status}${answer.status === 401 ? ': its user and password are not accepted' : said === '' ? '' : `: ${said}`}.`,
    );
  }

  async function push(families: readonly MetricFamily[], signal: AbortSignal): Promise<void> {
    await ask(method, writeExposition(keepLabels(families, key), 'text'), signal);
  }

  return {
    target: url.href,
    interval: preferences.number('pushgatewaySeconds'),
    growing: true,
    async send(families, signal) {
      await push(families, signal);
      return 'done';
    },
    /** Deletes the group, or leaves the last state in it: a Pushgateway is asked about renders that are long over. */
    async leave(moved, collect, signal) {
      if (!moved) return;
      if (deletes) await ask('DELETE', null, signal);
      else await push(await collect(), signal);
    },
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new Error(`The Pushgateway’s URL “${text}” is not of the form http://host:9091.`);
  if (url.username !== '' || url.password !== '')
    throw new Error('The Pushgateway’s URL has a user or password in it: write them into the preferences for them.');
  url.search = '';
  url.hash = '';
  return url;
}

/** Node's errors for several addresses of a name have no message of their own. */
function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return message || code || 'it is not known why';
}
