import type { SecureVersion } from 'node:tls';

/** Go's names of client certificate policies (https://pkg.go.dev/crypto/tls#ClientAuthType). */
export const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];

/** A PEM text, inline or in a file that the web config names. */
export type PemSource = { readonly file: string } | { readonly text: string };

/** `tls_server_config`, with absolute paths. */
export interface TlsSettings {
  readonly cert: PemSource;
  readonly key: PemSource;
  readonly clientCa: PemSource | null;
  readonly clientAuth: ClientAuthType;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** OpenSSL's names, separated by colons. */
  readonly ciphers: string;
  readonly curves: string | null;
  readonly preferServerCiphers: boolean;
}

/**
 * A web config file in exporter-toolkit's format
 * (https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md).
 */
export interface WebConfig {
  readonly tls: TlsSettings | null;
  /** bcrypt hash of each user. */
  readonly users: ReadonlyMap<string, string>;
  /** Headers added to every response. */
  readonly headers: ReadonlyMap<string, string>;
}
