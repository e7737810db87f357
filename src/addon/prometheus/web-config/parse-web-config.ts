import { resolve } from 'node:path';
import { CIPHER_SUITES, CURVES, MODERN_SUITES, TLS13_SUITES, TLS_VERSIONS } from './tls-names';
import { CLIENT_AUTH_TYPES, type ClientAuthType, type PemSource, type TlsSettings, type WebConfig } from './web-config';
import { readYaml, type Fields } from './yaml-fields';

/** bcrypt's modular form: version, cost, 22 characters of salt and 31 of hash. */
const BCRYPT = /^\$2[aby]?\$(\d\d)\$[./A-Za-z0-9]{53}$/;
/** A cost of 14 takes a second or two in JavaScript, a cost of 18 half a minute. */
const MAX_COST = 14;

/** Headers that may be added, with the allowed values where those are restricted; the list is exporter-toolkit's. */
const HEADERS: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['Strict-Transport-Security', null],
  ['X-Content-Type-Options', ['nosniff']],
  ['X-Frame-Options', ['deny', 'sameorigin']],
  ['X-XSS-Protection', null],
  ['Content-Security-Policy', null],
]);

/**
 * Parses a web config file. Unknown fields are rejected, so that a misspelt one cannot give a false sense of
 * protection.
 *
 * @param folder that contains the file; relative paths in it are resolved against it
 * @throws Error that says what is wrong
 */
export function parseWebConfig(text: string, folder: string): WebConfig {
  // A file being written starts out empty; and whoever wants no protection names no file.
  if (text.trim() === '') throw new Error('it is empty');
  const file = readYaml(text);
  const tls = file.fields('tls_server_config');
  const http = file.fields('http_server_config');
  const config: WebConfig = {
    tls: tls && tlsSettings(tls, folder),
    users: users(file.texts('basic_auth_users')),
    headers: headers(http?.texts('headers') ?? new Map()),
  };
  if (http) {
    // HTTP/2 is never spoken here, which every client accepts; so both values are fine.
    http.flag('http2', true);
    http.finish();
  }
  file.finish();
  return config;
}

function tlsSettings(fields: Fields, folder: string): TlsSettings {
  const pem = (name: string): PemSource | null => {
    const [text, file] = [fields.text(name), fields.text(`${name}_file`)];
    if (text !== null && file !== null) throw new Error(`tls_server_config has both ${name} and ${name}_file`);
    return text !== null ? { text } : file !== null ? { file: resolve(folder, file) } : null;
  };
  const [cert, key, clientCa] = [pem('cert'), pem('key'), pem('client_ca')];
  const settings = {
    clientAuth: clientAuthType(fields.text('client_auth_type') ?? 'NoClientCert'),
    minVersion: named(TLS_VERSIONS, fields.text('min_version') ?? 'TLS12', 'min_version'),
    maxVersion: named(TLS_VERSIONS, fields.text('max_version') ?? 'TLS13', 'max_version'),
    ciphers: ciphers(fields.list('cipher_suites')),
    curves: curves(fields.list('curve_preferences')),
    preferServerCiphers: fields.flag('prefer_server_cipher_suites', true),
  };
  fields.finish();
  if (!cert) throw new Error('tls_server_config has no cert_file');
  if (!key) throw new Error('tls_server_config has no key_file');
  if (settings.minVersion > settings.maxVersion) throw new Error('tls_server_config.min_version is above max_version');
  if (clientCa && settings.clientAuth === 'NoClientCert')
    throw new Error('tls_server_config has a client_ca_file and no client_auth_type that makes use of it');
  // Without a CA, certificates of every public authority would be accepted.
  if (!clientCa && settings.clientAuth.includes('Verify'))
    throw new Error(`tls_server_config.client_auth_type ${settings.clientAuth} needs a client_ca_file`);
  return { cert, key, clientCa, ...settings };
}

function clientAuthType(name: string): ClientAuthType {
  const found = CLIENT_AUTH_TYPES.find((type) => type === name);
  if (!found)
    throw new Error(`tls_server_config.client_auth_type is “${name}”, not one of ${CLIENT_AUTH_TYPES.join(', ')}`);
  return found;
}

/**
 * Without a configured list, the suites that Go enables by default: exporter-toolkit leaves the choice to Go, and
 * Node's default list has suites without forward secrecy or with SHA-1.
 */
function ciphers(names: readonly string[]): string {
  if (names.length === 0) return MODERN_SUITES.join(':');
  const old = names
    .filter((name) => !TLS13_SUITES.includes(name))
    .map((name) => named(CIPHER_SUITES, name, 'cipher_suites'));
  return [...TLS13_SUITES, ...old].join(':');
}

function curves(names: readonly string[]): string | null {
  return names.length === 0 ? null : names.map((name) => named(CURVES, name, 'curve_preferences')).join(':');
}

function named<T>(known: ReadonlyMap<string, T>, name: string, field: string): T {
  const found = known.get(name);
  if (found === undefined)
    throw new Error(`tls_server_config.${field} has “${name}”, which is none of ${[...known.keys()].join(', ')}`);
  return found;
}

function users(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const [user, hash] of given) {
    if (user === '' || user.includes(':'))
      throw new Error(`basic_auth_users has the user “${user}”: a user’s name is not empty and has no colon`);
    const match = BCRYPT.exec(hash);
    if (!match || Number(match[1]) < 4) throw new Error(`basic_auth_users.${user} is not a bcrypt hash`);
    if (Number(match[1]) > MAX_COST)
      throw new Error(
        `basic_auth_users.${user} has the cost ${Number(match[1])}, which takes too long: the largest is ${MAX_COST}`,
      );
  }
  return given;
}

function headers(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  for (const [name, value] of given) {
    const allowed = HEADERS.get(name);
    if (allowed === undefined)
      throw new Error(`http_server_config.headers has “${name}”, which is none of ${[...HEADERS.keys()].join(', ')}`);
    if (value === '') continue;
    if (allowed && !allowed.includes(value.toLowerCase()))
      throw new Error(`http_server_config.headers.${name} is “${value}”, not ${allowed.join(' or ')}`);
    // eslint-disable-next-line no-control-regex
    if (!/^[\t\x20-\x7e]*$/.test(value))
      throw new Error(`http_server_config.headers.${name} has characters that a header cannot have`);
    kept.set(name, value);
  }
  return kept;
}
