#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// What was compiled at the last start is used again, where Node can keep it (22.1 and later). The folder is the user's
// own: Node's default is a shared one, where others could put code for us.
const caches =
  process.env.XDG_CACHE_HOME ||
  (process.platform === 'win32' && process.env.LOCALAPPDATA) ||
  join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
module.enableCompileCache?.(join(caches, 'framegauge', 'compiled'));
await import('../out/main/cli.js');
