import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAbsolute } from 'node:path';
import type { MetricFamily } from '../../api/context';
import { writeExposition } from '../../api/metrics/exposition';
import { groupingKey, groupPath, keepLabels } from './grouping-key';
import { httpSend } from './http-send';
import type { Output, OutputPreferences } from './output';
import { withoutTimes } from './without-times';

/** Timeout of one request, in milliseconds. */
const TIMEOUT = 10_000;
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Pushes the metrics to a Pushgateway (https://github.com/prometheus/pushgateway): `push` replaces everything in the
 * group, `pushadd` only series of the same names.
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
  const caPath = preferences.text('pushgatewayCa');
  if (caPath !== '' && !isAbsolute(caPath))
    throw new Error(
      `The path “${caPath}” of the Pushgateway’s CA certificate is not a whole one: write it from the root of the file system.`,
    );
  const deletes = preferences.boolean('pushgatewayDelete');

  async function ask(verb: 'PUT' | 'POST' | 'DELETE', body: Buffer | null, signal: AbortSignal): Promise<void> {
    // Read for every request, since the certificate may be renewed.
    const ca = caPath === '' ? null : await readCa(caPath);
    let answer: { status: number; text: string };
    try {
      answer = await httpSend({
        method: verb,
        url,
        headers: { ...authorization, ...(body ? { 'content-type': CONTENT_TYPE } : {}) },
        body,
        ca,
        signal,
        timeout: TIMEOUT,
      });
    } catch (error) {
      throw new Error(`The Pushgateway ${base.host} could not be reached: ${reasonOf(error)}.`, { cause: error });
    }
    if (answer.status >= 200 && answer.status < 300) return;
    const said = answer.text.trim().split('\n')[0]!.slice(0, 200);
    throw new Error(
      `The Pushgateway ${base.host} answered ${answer.status}${answer.status === 401 ? ': its user and password are not accepted' : said === '' ? '' : `: ${said}`}.`,
    );
  }

  async function push(families: readonly MetricFamily[], signal: AbortSignal): Promise<void> {
    await ask(method, writeExposition(keepLabels(withoutTimes(families), key), 'text'), signal);
  }

  return {
    target: url.href,
    interval: preferences.number('pushgatewaySeconds'),
    growing: true,
    async send(families, signal) {
      await push(families, signal);
      return 'done';
    },
    /** Deletes the group, or leaves its last state: a Pushgateway is also queried about renders that are long over. */
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

/** In bytes; a bundle of all public authorities takes a quarter of it. */
const MAX_CA_BYTES = 1024 * 1024;

/** @throws Error that says in a sentence why there is no usable certificate */
async function readCa(path: string): Promise<string> {
  const refuse = (why: string): Error => new Error(`The Pushgateway’s CA certificate ${path} cannot be used: ${why}.`);
  // Reading a FIFO would block.
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (info instanceof Error)
    throw refuse(
      info.code === 'ENOENT' || info.code === 'ENOTDIR'
        ? 'it does not exist'
        : info.code === 'EACCES'
          ? 'it may not be read'
          : messageOf(info),
    );
  if (!info.isFile()) throw refuse('it is not a file');
  if (info.size > MAX_CA_BYTES) throw refuse('it is larger than 1 MB');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) throw refuse(text.code === 'EACCES' ? 'it may not be read' : messageOf(text));
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw refuse('it has no certificate in the PEM form in it');
  return text;
}

/** OpenSSL's error codes for a certificate that no trusted authority has signed. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!UNTRUSTED.has(code)) return messageOf(error);
  return `nobody whom this machine trusts has signed its certificate (${code}): name the authority’s in the preference “CA certificate” of the Pushgateway, addons.prometheus.pushgatewayCa`;
}

/** Node's aggregate error for a name with several addresses has no message of its own. */
function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return message || code || 'it is not known why';
}
