import type { SecureVersion } from 'node:tls';

/** Go's names for what is asked of a client's certificate (https://pkg.go.dev/crypto/tls#ClientAuthType). */
export const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];

/** A PEM text that the file names or has in it. */
export type PemSource = { readonly file: string } | { readonly text: string };

/** `tls_server_config`, with paths made whole. */
export interface TlsSettings {
  readonly cert: PemSource;
  readonly key: PemSource;
  readonly clientCa: PemSource | null;
  readonly clientAuth: ClientAuthType;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** OpenSSL's names, with colons between; null leaves the choice to Node. */
  readonly ciphers: string | null;
  readonly curves: string | null;
  readonly preferServerCiphers: boolean;
}

/** A web config file, as exporter-toolkit has it (https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md). */
export interface WebConfig {
  readonly tls: TlsSettings | null;
  /** bcrypt hashes by user. */
  readonly users: ReadonlyMap<string, string>;
  /** To add to every answer. */
  readonly headers: ReadonlyMap<string, string>;
}
