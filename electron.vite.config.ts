import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { thirdPartyLicenses } from './scripts/third-party-licenses.mjs';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** Packages of our code that every start of the program loads. */
const LOADED_AT_EVERY_START = [
  '@fastify/rate-limit',
  '@fastify/static',
  '@fastify/websocket',
  'commander',
  'fastify',
  'fzstd',
  'pino',
  'prom-client',
  'string-width',
  'ws',
  'yauzl',
  'zod',
];

/** Three bundles: the host with its two entries, the preload script, and the pages (the UI and the render page). */
export default defineConfig({
  main: {
    plugins: [thirdPartyLicenses()],
    build: {
      outDir: 'out/main',
      // Bundled and tree-shaken: the packages' own files, several hundreds, take three times as long to find and load.
      externalizeDeps: { exclude: LOADED_AT_EVERY_START },
      rollupOptions: { input: { desktop: here('src/main/desktop.ts'), cli: here('src/main/cli.ts') } },
    },
  },
  preload: {
    plugins: [thirdPartyLicenses()],
    build: {
      outDir: 'out/preload',
      // A sandboxed preload script can only be CommonJS.
      rollupOptions: {
        input: { preload: here('src/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('src/renderer'),
    plugins: [react(), thirdPartyLicenses()],
    base: './',
    build: {
      outDir: here('out/renderer'),
      assetsInlineLimit: 0,
      rollupOptions: {
        input: { index: here('src/renderer/index.html'), 'render-page': here('src/renderer/render-page/index.html') },
      },
    },
  },
});
