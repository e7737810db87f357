import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** The host's thread for images. It carries its libraries inside: packaged, it lies beside the archive, where Node's threads can read it. */
export default defineConfig({
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/worker',
    emptyOutDir: true,
    rollupOptions: {
      input: { 'image-worker': here('src/main/images/image-worker.ts') },
      output: { format: 'es', entryFileNames: '[name].mjs' },
    },
  },
});
