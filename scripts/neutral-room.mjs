// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { ROOT } from './setup.mjs';

/*
 * node scripts/neutral-room.mjs CHROMIUM: makes src/renderer/render-page/neutral-room.bin with three.js. To be run when
 * three.js has another room or filters it otherwise, of which test/renderer/render-page/neutral-room.test.ts tells.
 */

export const FILE = join(ROOT, 'src/renderer/render-page/neutral-room.bin');

/**
 * In the page: what three.js makes of its room, which is grey, level after level, each with six faces, as half floats in
 * base64.
 */
const DRAW = `(async () => {
  const { WebGLRenderer, PMREMGenerator } = await import('three');
  const { RoomEnvironment } = await import('three/examples/jsm/environments/RoomEnvironment.js');
  const renderer = new WebGLRenderer({ canvas: new OffscreenCanvas(16, 16), depth: false });
  const target = new PMREMGenerator(renderer).fromScene(new RoomEnvironment(), 0.04);
  const gl = renderer.getContext();
  const parts = [];
  for (const [level, { width, height }] of target.texture.mipmaps.entries())
    for (let face = 0; face < 6; face++) {
      renderer.setRenderTarget(target, face, level);
      const pixels = new Uint16Array(width * height * 4);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.HALF_FLOAT, pixels);
      if (gl.getError() !== 0) throw new Error('the room cannot be read back');
      for (let at = 0; at < pixels.length; at += 4) {
        if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) throw new Error('the room is not grey');
        parts.push(pixels[at]);
      }
    }
  const bytes = new Uint8Array(Uint16Array.from(parts).buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
})()`;

/**
 * Draws the room in software, which is the same on every machine but for rounding.
 *
 * @param {import('playwright-core').LaunchOptions} options
 * @returns {Promise<Uint16Array>} half floats, as src/renderer/render-page/unpack-room.ts returns them
 */
export async function drawRoom(options) {
  const folder = join(ROOT, 'node_modules/three');
  const server = createServer((request, response) => {
    response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/javascript');
    if (request.url !== '/') response.end(readFileSync(join(folder, String(request.url))));
    else
      response.end(
        '<!doctype html><link rel="icon" href="data:,"><script type="importmap">{"imports":{"three":"/build/three.module.js","three/":"/"}}</script>',
      );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const browser = await chromium.launch({
    ...options,
    args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
  try {
    const page = await browser.newPage();
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    await page.goto(`http://127.0.0.1:${address.port}/`);
    const bytes = Buffer.from(/** @type {string} */ (await page.evaluate(DRAW)), 'base64');
    return new Uint16Array(new Uint8Array(bytes).buffer);
  } finally {
    await browser.close();
    server.close();
  }
}

/**
 * Neighbours are alike: the differences from the value before, first their low bytes, then their high ones.
 *
 * @param {Uint16Array} values
 */
function packRoom(values) {
  const bytes = Buffer.alloc(values.length * 2);
  let before = 0;
  for (const [at, value] of values.entries()) {
    const difference = (value - before) & 0xffff;
    before = value;
    bytes[at] = difference & 0xff;
    bytes[values.length + at] = difference >> 8;
  }
  return gzipSync(bytes, { level: 9 });
}

if (process.argv[1] === import.meta.filename) {
  const values = await drawRoom({ executablePath: process.argv[2], chromiumSandbox: process.getuid?.() !== 0 });
  writeFileSync(FILE, packRoom(values));
}
