import { UserError } from '../../shared/user-error';

/** Which host a command speaks to: the one of a data folder on this machine, or one at an address. */
export type Target =
  | { readonly kind: 'data'; readonly folder: string }
  | { readonly kind: 'remote'; readonly url: string; readonly token: string | null };

/** What a person said about it. `undefined` where nothing was said. */
export interface TargetOptions {
  /** `--data` */
  readonly data?: string | undefined;
  /** `--host` */
  readonly host?: string | undefined;
  /** `--token` */
  readonly token?: string | undefined;
}

/**
 * Decides which host is meant. What was typed goes before the environment (`FRAMEGAUGE_HOST`, `FRAMEGAUGE_TOKEN`).
 *
 * @param folderOf finds the data folder of this machine, with or without `--data`
 * @throws UserError (`arguments`) when the address is none, or two places were named
 */
export function targetOf(
  options: TargetOptions,
  folderOf: (data: string | undefined) => string,
  env: NodeJS.ProcessEnv = process.env,
): Target {
  if (options.host !== undefined && options.data !== undefined)
    throw new UserError(
      '--data names a host of this machine and --host one at an address: leave one of them out.',
      'arguments',
    );
  const address = options.host ?? (options.data === undefined ? env['FRAMEGAUGE_HOST'] || undefined : undefined);
  if (address === undefined) {
    if (options.token !== undefined)
      throw new UserError('--token goes with --host: a host of this machine needs none.', 'arguments');
    return { kind: 'data', folder: folderOf(options.data) };
  }
  const { url, token } = addressOf(address, options.host === undefined ? 'FRAMEGAUGE_HOST' : '--host');
  const given = options.token ?? token ?? (env['FRAMEGAUGE_TOKEN'] || null);
  // It travels as the name of a WebSocket's protocol, where other characters cannot stand; no host has a token with them.
  if (given !== null && !/^[\w.~-]+$/.test(given))
    throw new UserError(
      'The token has characters that no token has, or is empty: copy it again from where the host prints it.',
      'arguments',
    );
  return { kind: 'remote', url, token: given };
}

/** Reads `http://box:7878`, `box:7878`, or the address of the UI as `serve` prints it, with its token. */
function addressOf(text: string, name: string): { url: string; token: string | null } {
  const refused = new UserError(
    `${name} cannot be “${text}”: write an address as http://box:7878, or the one that “framegauge serve” prints.`,
    'arguments',
  );
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(withScheme)) throw refused;
  const url = new URL(withScheme);
  if (!['http:', 'https:'].includes(url.protocol) || url.hostname === '' || url.username !== '') throw refused;
  const token = new URLSearchParams(url.hash.slice(1)).get('token');
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, token };
}
