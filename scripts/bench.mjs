// npm run bench: installs and builds if necessary, then prints ratios measured within one run.
import { ensureBuilt, ensureInstalled, failSetup } from './setup.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
  process.argv.splice(2, 0, 'bench/main.ts');
  await import('./run-ts.mjs');
} catch (error) {
  failSetup(error);
}
