import { describe, expect, test } from 'vitest';
import { parseWebConfig } from '../../../../src/addon/prometheus/web-config/parse-web-config';

/** Of the form that htpasswd -B writes. */
const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';

describe('a whole file', () => {
  const config = parseWebConfig(
    `
tls_server_config:
  cert_file: server.crt
  key_file: /keys/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ../ca.crt
  min_version: TLS12
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: false
  curve_preferences: [X25519, CurveP256]
http_server_config:
  http2: true
  headers:
    X-Frame-Options: deny
    Content-Security-Policy: ""
basic_auth_users:
  alice: ${HASH}
  no: ${HASH}
  007: ${HASH}
`,
    '/etc/framegauge',
  );

  test('has paths that start at its folder', () => {
    expect(config.tls).toMatchObject({
      cert: { file: '/etc/framegauge/server.crt' },
      key: { file: '/keys/server.key' },
      clientCa: { file: '/etc/ca.crt' },
    });
  });

  test('has Node’s names for Go’s', () => {
    expect(config.tls).toMatchObject({
      clientAuth: 'RequireAndVerifyClientCert',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-AES128-GCM-SHA256',
      preferServerCiphers: false,
      curves: 'X25519:prime256v1',
    });
  });

  test('has users as they are written, and no header that is blank', () => {
    expect([...config.users.keys()]).toEqual(['alice', 'no', '007']);
    expect([...config.headers]).toEqual([['X-Frame-Options', 'deny']]);
  });
});

test('every part may be left out', () => {
  expect(parseWebConfig('{}', '/')).toEqual({ tls: null, users: new Map(), headers: new Map() });
  expect(parseWebConfig('basic_auth_users:\ntls_server_config:\n', '/')).toEqual({
    tls: null,
    users: new Map(),
    headers: new Map(),
  });
});

const TLS = 'cert_file: c, key_file: k';

test.each([
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['just a text', 'not a mapping'],
  ['basic_auth_users: [a]', 'basic_auth_users is not a mapping'],
  ['basic_auth_user:\n  a: b', 'basic_auth_user is not known here'],
  ['a: 1\nb: \x60', 'line 2'],
  ['basic_auth_users:\n  a: x\n  a: y', 'line 3'],
  ['basic_auth_users: {alice: secret}', 'basic_auth_users.alice is not a bcrypt hash'],
  [`basic_auth_users: {alice: ${HASH.replace('$10$', '$31$')}}`, 'the largest is 14'],
  [`basic_auth_users: {"a:b": ${HASH}}`, 'has no colon'],
  [`tls_server_config: {key_file: k}`, 'has no cert_file'],
  [`tls_server_config: {cert_file: c}`, 'has no key_file'],
  [`tls_server_config: {cert: c, ${TLS}}`, 'both cert and cert_file'],
  [`tls_server_config: {${TLS}, cert_fil: x}`, 'tls_server_config.cert_fil is not known here'],
  [`tls_server_config: {${TLS}, client_auth_type: Some}`, 'not one of NoClientCert'],
  [`tls_server_config: {${TLS}, client_ca_file: ca}`, 'no client_auth_type'],
  [`tls_server_config: {${TLS}, client_auth_type: RequireAndVerifyClientCert}`, 'needs a client_ca_file'],
  [`tls_server_config: {${TLS}, min_version: SSL3}`, 'none of TLS10'],
  [`tls_server_config: {${TLS}, min_version: TLS13, max_version: TLS12}`, 'above max_version'],
  [`tls_server_config: {${TLS}, cipher_suites: [RC4]}`, 'cipher_suites has “RC4”'],
  [`tls_server_config: {${TLS}, curve_preferences: X25519}`, 'not a list'],
  [`tls_server_config: {${TLS}, prefer_server_cipher_suites: maybe}`, 'not true or false'],
  ['http_server_config: {headers: {Server: x}}', 'headers has “Server”'],
  ['http_server_config: {headers: {X-Frame-Options: allow}}', 'not deny or sameorigin'],
  ['http_server_config: {headers: {Content-Security-Policy: "a\\r\\nb"}}', 'characters'],
  ['rate_limit: {burst: 1}', 'rate_limit is not known here'],
])('%j is refused: %s', (text, reason) => {
  expect(() => parseWebConfig(text, '/')).toThrow(reason);
});
