/** CRC table of PNG 1.2, section 3.4: the remainder for each byte. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < data.length + 8; i++) crc = CRC_TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  view.setUint32(data.length + 8, ~crc);
  return bytes;
}

/**
 * Encodes a PNG with alpha. A canvas premultiplies colours before it encodes them, which loses precision: on an edge
 * that covers an eighth of a pixel, 188 would come back as 183.
 *
 * @param pixels RGBA, not premultiplied, bottom row first, as read by OpenGL
 */
export async function encodePng(pixels: Uint8Array, width: number, height: number): Promise<Blob> {
  const stride = width * 4;
  const raw = new Uint8Array((stride + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    const row = (height - 1 - y) * stride;
    // The Sub filter: the difference to the pixel on the left compresses well in flat areas.
    raw[at++] = 1;
    for (let x = 0; x < stride; x++) raw[at++] = pixels[row + x]! - (x < 4 ? 0 : pixels[row + x - 4]!);
  }
  const packed = await new Response(
    new Blob([raw]).stream().pipeThrough(new CompressionStream('deflate')),
  ).arrayBuffer();
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Blob(
    [signature, chunk('IHDR', header), chunk('IDAT', new Uint8Array(packed)), chunk('IEND', new Uint8Array(0))],
    { type: 'image/png' },
  );
}
