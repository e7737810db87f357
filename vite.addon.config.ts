import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { thirdPartyLicenses } from './scripts/third-party-licenses.mjs';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** Ids of the bundled add-ons: folders of src/addon with an addon.json and a main.ts. */
const bundled = ['prometheus', 'notify', 'watch-folder', 'video'];

/** Writes each bundled add-on's addon.json beside its main.js, so that the built folder is an add-on like any other. */
function manifests(): Plugin {
  return {
    name: 'framegauge-addon-manifests',
    generateBundle() {
      // Node before 20.19, which is in the desktop app, takes a .js file for an ES module only by the nearest
      // package.json, and an add-on's process sees none outside of this folder.
      this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "module" }\n' });
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
 * The add-on side: the bootstrap of every add-on process, what its workers import, and the bundled add-ons. Libraries are bundled in, so an
 * add-on process reads nothing outside this folder.
 */
export default defineConfig({
  plugins: [manifests(), thirdPartyLicenses()],
  // yaml exports its ES modules to browsers only. Its CommonJS would add interop code to a chunk that all add-ons
  // share.
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
        'worker-metrics': here('src/addon/api/metrics/worker-metrics.ts'),
        ...Object.fromEntries(bundled.map((id) => [`${id}/main`, here(`src/addon/${id}/main.ts`)])),
      },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
});
