#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// First: what follows needs the Node that this checks for.
const check = new URL('../scripts/check-node.mjs', import.meta.url);
if (existsSync(check)) await import(check.href);

const cli = new URL('../out/main/cli.js', import.meta.url);
if (!existsSync(cli)) {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  process.stderr.write(`Framegauge is not built yet: run “npm start -- --help” in ${folder} once.\n`);
  process.exit(1);
}
// What was compiled at the last start is used again, where Node can keep it (22.1 and later). The folder is the user's
// own: Node's default is a shared one, where others could put code for us.
const caches =
  process.env.XDG_CACHE_HOME ||
  (process.platform === 'win32' && process.env.LOCALAPPDATA) ||
  join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
module.enableCompileCache?.(join(caches, 'framegauge', 'compiled'));
await import(cli.href);
