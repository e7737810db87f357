import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { thirdPartyLicenses } from './scripts/third-party-licenses.mjs';

const here = (path: string): string => resolve(import.meta.dirname, path);

/**
 * The host's threads for images and scenes. They carry their libraries inside, but for native code: packaged, they lie
 * beside the archive, where Node's threads can read them.
 */
export default defineConfig({
  plugins: [thirdPartyLicenses()],
  ssr: { noExternal: true, external: ['@napi-rs/image'], target: 'node' },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/worker',
    emptyOutDir: true,
    rollupOptions: {
      input: {
        'blend-worker': here('src/main/engines/blender/blend-worker.ts'),
        'image-worker': here('src/main/images/image-worker.ts'),
        'scene-worker': here('src/main/engines/gltf/scene-worker.ts'),
      },
      // No package.json beside them declares them to be modules, so their extension has to.
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
