import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** Three bundles: the host with its two entries, the preload script, and the pages (the UI and the render page). */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: { input: { desktop: here('src/main/desktop.ts'), cli: here('src/main/cli.ts') } },
    },
  },
  preload: {
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
    plugins: [react()],
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
