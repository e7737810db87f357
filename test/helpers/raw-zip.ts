import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of {@link rawZip}; what is not given is right. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly data?: string | Buffer;
  /** 0: stored, 8: deflated. */
  readonly method?: number;
  /** Bit 11: the name is UTF-8; bit 0: encrypted. */
  readonly flags?: number;
  /** Type and permissions as Unix has them. */
  readonly mode?: number;
  /** What the list of entries says of it. */
  readonly says?: {
    readonly bytes?: number;
    readonly packedBytes?: number;
    readonly crc?: number;
    readonly offset?: number;
    readonly extra?: Buffer;
  };
  /** Its name where its bytes are. */
  readonly localName?: string;
  /** The bytes as they are packed. */
  readonly packed?: Buffer;
}

export interface RawEnd {
  readonly entries?: number;
  readonly before?: Buffer;
  readonly after?: Buffer;
  readonly offset?: number;
}

/** A .zip byte by byte (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), with any lie in it. */
export function rawZip(entries: readonly RawEntry[], end: RawEnd = {}): Buffer {
  const before = end.before ?? Buffer.alloc(0);
  const parts: Buffer[] = [before];
  const list: Buffer[] = [];
  let at = before.length;
  for (const entry of entries) {
    const { method = 8, flags = 0x800, mode = 0, says = {} } = entry;
    const name = Buffer.from(entry.name as string);
    const localName = Buffer.from(entry.localName ?? (entry.name as string));
    const data = Buffer.from((entry.data ?? '') as string);
    const packed = entry.packed ?? (method === 8 ? deflateRawSync(data) : data);
    const [crc, bytes] = [says.crc ?? crc32(data), says.bytes ?? data.length];
    const packedBytes = says.packedBytes ?? packed.length;
    const extra = says.extra ?? Buffer.alloc(0);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(packedBytes, 18);
    local.writeUInt32LE(bytes, 22);
    local.writeUInt16LE(localName.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(0x0314, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(packedBytes, 20);
    central.writeUInt32LE(bytes, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(says.offset ?? at, 42);
    list.push(central, name, extra);
    parts.push(local, localName, packed);
    at += 30 + localName.length + packed.length;
  }
  const listBytes = Buffer.concat(list);
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x06054b50, 0);
  tail.writeUInt16LE(end.entries ?? entries.length, 8);
  tail.writeUInt16LE(end.entries ?? entries.length, 10);
  tail.writeUInt32LE(listBytes.length, 12);
  tail.writeUInt32LE(end.offset ?? at, 16);
  return Buffer.concat([...parts, listBytes, tail, end.after ?? Buffer.alloc(0)]);
}

/** The zip64 field that replaces sizes of 0xffffffff. */
export function zip64Extra(...sizes: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * sizes.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * sizes.length, 2);
  for (const [index, size] of sizes.entries()) field.writeBigUInt64LE(BigInt(size), 4 + 8 * index);
  return field;
}

/** The addon.json of a small add-on, as an entry. */
export function manifestEntry(more: Readonly<Record<string, unknown>> = {}, folder = ''): RawEntry {
  return { name: `${folder}addon.json`, data: JSON.stringify(smallManifest(more)) };
}

export function smallManifest(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    schemaVersion: 1,
    id: 'small',
    version: '1.0.0',
    name: 'Small',
    tagline: 'For a test',
    author: 'Tests',
    license: 'MIT',
    category: 'Testing',
    api: '^1',
    main: 'main.mjs',
    ...more,
  };
}

/** A module that says which version of it runs. */
export const mainEntry = (text = 'small', folder = ''): RawEntry => ({
  name: `${folder}main.mjs`,
  data: `export function register(ctx) { ctx.status({ level: 'ok', text: ${JSON.stringify(text)} }); }\n`,
});
