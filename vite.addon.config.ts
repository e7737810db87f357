import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** Ids of the add-ons that come with the program: folders of src/addon with an addon.json and a main.ts. */
const bundled = ['prometheus'];

/** Puts each bundled add-on's addon.json beside its main.js, so that the built folder is an add-on like any other. */
function manifests(): Plugin {
  return {
    name: 'framegauge-addon-manifests',
    generateBundle() {
      for (const id of bundled) {
        this.emitFile({
          type: 'asset',
          fileName: `${id}/addon.json`,
          source: readFileSync(here(`src/addon/${id}/addon.json`), 'utf8'),
        });
      }
    },
  };
}

/**
 * The add-on side: the bootstrap that every add-on process starts with, and the bundled add-ons. Each file carries its
 * libraries inside, so an add-on process needs to read nothing but its own folder.
 */
export default defineConfig({
  plugins: [manifests()],
  // Its ES modules, which are only offered to browsers: code for loading CommonJS would go into a file that all add-ons share.
  resolve: { alias: [{ find: /^yaml$/, replacement: here('node_modules/yaml/browser/index.js') }] },
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/addon',
    emptyOutDir: true,
    rollupOptions: {
      input: {
        bootstrap: here('src/addon/api/bootstrap.ts'),
        ...Object.fromEntries(bundled.map((id) => [`${id}/main`, here(`src/addon/${id}/main.ts`)])),
      },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
});
