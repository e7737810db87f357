/** Address and user of a Redis or Valkey server. */
export interface RedisEndpoint {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** null: no TLS; `ca`: the only certificate that is accepted, PEM, whatever name it has; without it as usual. */
  readonly tls: { readonly ca?: string } | null;
}
