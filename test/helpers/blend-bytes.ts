/** The contents of a hand-made .blend: only what its header and first blocks hold. */
export interface BlendParts {
  /** Such as `304` or, in the format of Blender 5 and later, `0500`. */
  readonly version?: string;
  readonly pointers?: 4 | 8;
  readonly bigEndian?: boolean;
  readonly render?: { readonly scene: string; readonly frameStart: number; readonly frameEnd: number } | null;
  /** Pixels of a thumbnail, four bytes each, bottom row first. */
  readonly thumbnail?: { readonly width: number; readonly height: number; readonly pixels: Uint8Array } | null;
  /** Size in bytes of the block that stands for all other data. */
  readonly rest?: number;
  /** Replaces the DNA block, which describes the file's structures, with garbage: may crash Blender. */
  readonly dna?: boolean;
}

/**
 * The beginning and end of a .blend, in every format version of Blender: enough for readers that stop there. Blender
 * itself cannot open it.
 */
export function blendBytes({
  version = '304',
  pointers = 8,
  bigEndian = false,
  render = { scene: 'Scene', frameStart: 1, frameEnd: 250 },
  thumbnail = null,
  rest = 1_000,
  dna = false,
}: BlendParts = {}): Buffer {
  const long = version.length === 4;
  const int32 = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => (bigEndian ? bytes.writeInt32BE(value, i * 4) : bytes.writeInt32LE(value, i * 4)));
    return bytes;
  };
  const block = (code: string, data: Buffer): Buffer => {
    const name = Buffer.from(code.padEnd(4, '\0'), 'latin1');
    if (!long) return Buffer.concat([name, int32(data.length), Buffer.alloc(pointers), int32(0, 1), data]);
    const head = Buffer.alloc(32);
    name.copy(head);
    head.writeBigInt64LE(BigInt(data.length), 16);
    head.writeBigInt64LE(1n, 24);
    return Buffer.concat([head, data]);
  };
  const scene = Buffer.alloc(long ? 256 : 64);
  scene.write(render?.scene ?? '', 'utf8');
  return Buffer.concat([
    Buffer.from(
      long ? `BLENDER17-01v${version}` : `BLENDER${pointers === 8 ? '-' : '_'}${bigEndian ? 'V' : 'v'}${version}`,
      'latin1',
    ),
    ...(render ? [block('REND', Buffer.concat([int32(render.frameStart, render.frameEnd), scene]))] : []),
    ...(thumbnail
      ? [block('TEST', Buffer.concat([int32(thumbnail.width, thumbnail.height), Buffer.from(thumbnail.pixels)]))]
      : []),
    block('GLOB', Buffer.alloc(rest, 0x5a)),
    ...(dna ? [block('DNA1', Buffer.alloc(rest, 0xa5))] : []),
    block('ENDB', Buffer.alloc(0)),
  ]);
}

/** A zstd frame of uncompressed blocks (RFC 8878, section 3.1.1), which every zstd decoder must accept. */
export function storedZstd(content: Uint8Array, blockBytes = 100): Buffer {
  const pieces: Uint8Array[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x80 | 0x20]), Buffer.alloc(4)];
  (pieces[1] as Buffer).writeUInt32LE(content.length);
  for (let at = 0; at < content.length; at += blockBytes) {
    const piece = content.subarray(at, at + blockBytes);
    const head = Buffer.alloc(3);
    head.writeUIntLE((piece.length << 3) | (at + blockBytes >= content.length ? 1 : 0), 0, 3);
    pieces.push(head, piece);
  }
  return Buffer.concat(pieces);
}
