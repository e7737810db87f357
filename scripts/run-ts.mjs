// Runs a TypeScript file of this repository on Node: node scripts/run-ts.mjs examples/make-turntable.ts [ARGS]
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [file, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], resolve(file), ...args];
await runnerImport(resolve(file), { configFile: false, logLevel: 'error' });
