import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const here = (path: string): string => resolve(import.meta.dirname, path);

/**
 * The add-on side: the bootstrap that every add-on process starts with, and the bundled add-ons. Each file carries its
 * libraries inside, so an add-on process needs to read nothing but its own folder.
 */
export default defineConfig({
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/addon',
    emptyOutDir: true,
    rollupOptions: {
      input: { bootstrap: here('src/addon/api/bootstrap.ts'), 'prometheus/main': here('src/addon/prometheus/main.ts') },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
});
