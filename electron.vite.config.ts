import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { thirdPartyLicenses } from './scripts/third-party-licenses.mjs';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** Three bundles: the host with its two entries, the preload script, and the pages (the UI and the render page). */
export default defineConfig({
  main: {
    plugins: [thirdPartyLicenses()],
    build: {
      outDir: 'out/main',
      // Packages that every command loads are bundled and tree-shaken: they load in a third of the time that their own
      // files take.
      externalizeDeps: { exclude: ['commander', 'string-width', 'zod'] },
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
