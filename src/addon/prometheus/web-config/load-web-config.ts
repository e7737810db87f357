import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { createSecureContext, type TlsOptions } from 'node:tls';
import { parseWebConfig } from './parse-web-config';
import type { ClientAuthType, PemSource, TlsSettings, WebConfig } from './web-config';

/** In bytes; a larger file is a mistake. */
const MAX_FILE = 1024 * 1024;

/** The TLS server settings from `tls_server_config`. */
export interface ServerTls {
  /** Options for Node's TLS server. */
  readonly options: TlsOptions;
  readonly clientAuth: ClientAuthType;
  /** Equal for equal settings and certificates. */
  readonly identity: string;
}

/** A web config file together with the files that it names. */
export interface LoadedWebConfig {
  readonly tls: ServerTls | null;
  readonly users: WebConfig['users'];
  readonly headers: WebConfig['headers'];
}

/** The result of loading. The files are listed in either case, so that a change of any of them can be detected. */
export interface LoadResult {
  readonly config: LoadedWebConfig | null;
  /** Why loading failed, in a sentence. */
  readonly error: string | null;
  /** The file itself and those it names. */
  readonly files: readonly string[];
}

/** Loads a web config file with its certificates, and checks that a server can start with it. Never rejects. */
export async function loadWebConfig(path: string): Promise<LoadResult> {
  const files = [path];
  try {
    if (!isAbsolute(path)) throw new Error('its path is not a whole one: write it from the root of the file system');
    const { tls, users, headers } = parseWebConfig(await read(path), dirname(path));
    for (const source of tls ? [tls.cert, tls.key, tls.clientCa] : [])
      if (source && 'file' in source) files.push(source.file);
    return { config: { tls: tls && (await serverTls(tls)), users, headers }, error: null, files };
  } catch (error) {
    return { config: null, error: `The web config file ${path} cannot be used: ${reasonOf(error, path)}.`, files };
  }
}

async function serverTls(settings: TlsSettings): Promise<ServerTls> {
  const [cert, key, ca] = await Promise.all([
    pem(settings.cert),
    pem(settings.key),
    settings.clientCa ? pem(settings.clientCa) : null,
  ]);
  const { clientAuth, minVersion, maxVersion, ciphers, curves, preferServerCiphers } = settings;
  const options: TlsOptions = {
    cert,
    key,
    ...(ca === null ? {} : { ca }),
    minVersion,
    maxVersion,
    ciphers,
    ...(curves === null ? {} : { ecdhCurve: curves }),
    honorCipherOrder: preferServerCiphers,
    requestCert: clientAuth !== 'NoClientCert',
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
    ALPNProtocols: ['http/1.1'],
  };
  if (ca !== null && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('the client CA has no certificate in it');
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Error(`the certificate and its key do not make a TLS server (${(error as Error).message})`, {
      cause: error,
    });
  }
  return { options, clientAuth, identity: JSON.stringify({ clientAuth, ...options }) };
}

async function pem(source: PemSource): Promise<string> {
  return 'text' in source ? source.text : read(source.file);
}

async function read(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_FILE) throw new Error(`${path} is larger than ${MAX_FILE / 1024 / 1024} MB`);
  return readFile(path, 'utf8');
}

function reasonOf(error: unknown, path: string): string {
  const { code, message, path: failed } = error as NodeJS.ErrnoException;
  const what = failed === undefined || failed === path ? 'it' : failed;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${what} does not exist`;
  if (code === 'EACCES' || code === 'EPERM') return `${what} may not be read`;
  if (code === 'EISDIR') return `${what} is a folder`;
  return message.replace(/\.$/, '');
}
