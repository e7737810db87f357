import { UserError } from '../../shared/user-error';

/** The host that a command talks to: the one of a local data folder, or one at an address. */
export type Target =
  | { readonly kind: 'data'; readonly folder: string }
  | { readonly kind: 'remote'; readonly url: string; readonly token: string | null };

/** The command-line options for it; `undefined` where not given. */
export interface TargetOptions {
  /** `--data` */
  readonly data?: string | undefined;
  /** `--host` */
  readonly host?: string | undefined;
  /** `--token` */
  readonly token?: string | undefined;
}

/**
 * Determines the host. Options take precedence over the environment (`FRAMEGAUGE_HOST`, `FRAMEGAUGE_TOKEN`).
 *
 * @param folderOf returns the local data folder, with or without `--data`
 * @throws UserError (`arguments`) when the address is invalid, or both a folder and an address were given
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
  // The token is sent as a WebSocket subprotocol, which allows no other characters; no host has a token with them.
  if (given !== null && !/^[\w.~-]+$/.test(given))
    throw new UserError(
      'The token has characters that no token has, or is empty: copy it again from where the host prints it.',
      'arguments',
    );
  return { kind: 'remote', url, token: given };
}

/** Parses `http://box:7878`, `box:7878`, or the UI's address as printed by `serve`, with its token. */
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
