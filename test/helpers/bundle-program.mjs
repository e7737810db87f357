// Bundles a TypeScript program of the tests: node test/helpers/bundle-program.mjs FILE FOLDER. Prints the bundle's path.
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');
const [file, folder] = process.argv.slice(2).map((path) => resolve(path));

/** In a bundle, too, each module knows the place of its source. */
const places = {
  name: 'places-of-sources',
  transform(code, id) {
    const [source] = id.split('?');
    if (!code.includes('import.meta.')) return undefined;
    return code
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(source)))
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(source).href));
  },
};

const { output } = await build({
  configFile: false,
  root: ROOT,
  logLevel: 'error',
  plugins: [places],
  build: { ssr: file, write: false, minify: false, rolldownOptions: { output: { codeSplitting: false } } },
});
mkdirSync(folder, { recursive: true });
try {
  // Packages are found from here as they are from the sources.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
}
const path = join(folder, `${basename(file, '.ts')}.mjs`);
// Another suite may do the same now.
const part = `${path}.${process.pid}`;
writeFileSync(part, output[0].code);
renameSync(part, path);
process.stdout.write(path);
