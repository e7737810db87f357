import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority. */
export interface Authority extends Certificate {
  readonly name: string;
}

/**
 * Creates X.509 certificates with P-256 keys (RFC 5280), with Node alone: its crypto module signs but
 * creates no certificates, and not every machine has the openssl command.
 */
export function makeAuthority(name: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    name,
    ...certificate(
      { subject: name, issuer: name, publicKey, signer: privateKey, authority: true, names: [], days: 365 },
      privateKey,
    ),
  };
}

/**
 * @param names host names and IPv4 addresses of a server
 * @param days that it is valid from now on
 */
export function makeCertificate(
  authority: Authority,
  subject: string,
  names: readonly string[] = [],
  days = 1,
): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return certificate(
    {
      subject,
      issuer: authority.name,
      publicKey,
      signer: createPrivateKey(authority.key),
      authority: false,
      names,
      days,
    },
    privateKey,
  );
}

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly authority: boolean;
  readonly names: readonly string[];
  readonly days: number;
}

function certificate(
  { subject, issuer, publicKey, signer, authority, names, days }: Content,
  privateKey: KeyObject,
): Certificate {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const extensions = [extension('2.5.29.19', true, sequence(...(authority ? [der(0x01, Buffer.from([0xff]))] : [])))];
  if (names.length > 0) extensions.push(extension('2.5.29.17', false, sequence(...names.map(alternativeName))));
  const signed = sequence(
    der(0xa0, integer(2)),
    // A positive number.
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    commonName(issuer),
    sequence(time(Date.now() - 3_600_000), time(Date.now() + days * 86_400_000)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', signed, signer);
  const whole = sequence(signed, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${whole
      .toString('base64')
      .match(/.{1,64}/g)!
      .join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));
}

function commonName(text: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(text)))));
}

function time(milliseconds: number): Buffer {
  // UTCTime, YYMMDDHHMMSSZ.
  return der(0x17, Buffer.from(`${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
}

/** One value of DER (ITU-T X.690): tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
