import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Host, startHost } from '../../src/main/host';
import type { HostOptions } from '../../src/main/host-options';
import { BUILT } from './gltf-host';
import { temporaryFolder } from './temporary-folder';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed if it is JSON of any kind. */
  readonly json: unknown;
}

export interface Asked {
  /** Sent as JSON, unless it is text or bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `control` by default. */
  readonly token?: 'control' | 'read' | 'none';
}

export interface ControlHost {
  readonly host: Host;
  readonly url: string;
  readonly folder: string;
  readonly tokens: { readonly control: string; readonly read: string };
  /** @param path relative to the server's address */
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
}

/**
 * A real host with its control server, whose workers never start: jobs keep the state that a test sets. Ends with the
 * test.
 */
export async function startControlHost(options: Partial<HostOptions> = {}): Promise<ControlHost> {
  const folder = temporaryFolder();
  const pages = { open: () => new Promise<never>(() => undefined), close: () => Promise.resolve() };
  const host = await startHost({
    shell: 'headless',
    dataFolder: join(folder, 'data'),
    pages,
    listen: { host: '127.0.0.1', port: 0 },
    built: BUILT,
    scene: null,
    ...options,
  });
  onTestFinished(() => host.close());
  const data = options.dataFolder ?? join(folder, 'data');
  const tokenIn = (file: string): string => readFileSync(join(data, file), 'utf8').trim();
  const tokens = { control: tokenIn('control-token'), read: tokenIn('read-token') };
  return {
    host,
    url: host.url,
    folder,
    tokens,
    async ask(method, path, { body, headers = {}, token = 'control' } = {}) {
      const response = await fetch(host.url + path, {
        method,
        headers: {
          ...(token === 'none' ? {} : { authorization: `Bearer ${tokens[token]}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : {
              body:
                typeof body === 'string'
                  ? body
                  : body instanceof Uint8Array
                    ? new Uint8Array(body)
                    : JSON.stringify(body),
            }),
      });
      const text = await response.text();
      const type = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: /\bjson\b/.test(type) && text !== '' ? (JSON.parse(text) as unknown) : null,
      };
    },
  };
}
