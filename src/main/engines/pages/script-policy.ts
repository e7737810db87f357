import { basename } from 'node:path';

/** What a page that loads scenes may do: blobs and data carry what a scene has inside itself and start decoders. */
export const SCENE_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self' blob: data:; img-src blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The decoder of Basis textures compiles functions from strings. It runs in a worker that can do nothing else. */
const BASIS_POLICY = "default-src 'none'; script-src blob: 'unsafe-eval'";

/** Workers have the policy of their own script, not that of the page that starts them. */
const POLICIES: readonly (readonly [script: RegExp, policy: string])[] = [
  [/^basis-worker-[^/\\]*\.js$/, BASIS_POLICY],
  [/^scene-view-worker-[^/\\]*\.js$/, SCENE_POLICY],
];

/** The policy of a worker's script; null for other files. @param path of the file */
export function policyOfScript(path: string): string | null {
  const name = basename(path);
  return POLICIES.find(([script]) => script.test(name))?.[1] ?? null;
}
