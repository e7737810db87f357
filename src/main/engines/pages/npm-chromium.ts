import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { makeFolder } from '../../data/make-folder';
import { cacheFolder } from '../../data/cache-folder';
import { exists } from '../../data/exists';
import { childEnvironment } from '../../processes/child-environment';

/** The Chromium of the npm package, unpacked. */
export interface NpmChromium {
  readonly executable: string;
  /** Environment variables it needs: the paths of its libraries and fonts. */
  readonly env: Record<string, string>;
}

/**
 * Folder of the npm package @sparticuz/chromium; null where it is not installed (it is optional, and for Linux on x64
 * only).
 */
async function packageFolder(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    // Its package.json is not exported, so search from its main file upwards.
    let folder = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
    while (!(await exists(join(folder, 'bin', 'chromium.br')))) {
      if (dirname(folder) === folder) return null;
      folder = dirname(folder);
    }
    return folder;
  } catch {
    return null;
  }
}

/** Unpacks a .tar.br with the system's tar, which every Linux has. */
async function untar(archive: string, folder: string): Promise<void> {
  await makeFolder(folder);
  const tar = spawn('tar', ['-x', '-C', folder, '--no-same-owner'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: childEnvironment(),
  });
  let complaint = '';
  tar.stderr.on('data', (text) => (complaint += String(text)));
  const ended = new Promise<void>((resolve, reject) => {
    tar.on('error', reject);
    tar.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`tar ended with ${code}: ${complaint.trim().slice(0, 200)}`)),
    );
  });
  // Tar stops reading at the archive's end marker and closes the pipe before the padding, so its exit code decides.
  const [fed, done] = await Promise.allSettled([
    pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin),
    ended,
  ]);
  if (done.status === 'rejected') throw fed.status === 'rejected' ? fed.reason : done.reason;
}

/** Fontconfig file for the fonts beside the program and those of the system, if any. */
function fontConfiguration(folder: string): string {
  const path = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'].map(
    (dir) => `<dir>${path(dir)}</dir>`,
  );
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>${folders.join('')}<cachedir>${path(join(folder, 'font-cache'))}</cachedir></fontconfig>\n`;
}

/**
 * The Chromium of the npm package @sparticuz/chromium, unpacked once into our cache folder (about 200 MB) together with
 * the libraries and fonts that a bare system lacks. Safe for concurrent processes.
 *
 * @returns null where the package is not installed
 * @throws the file system's or tar's error where it cannot be unpacked
 */
export async function npmChromium(env: NodeJS.ProcessEnv = process.env): Promise<NpmChromium | null> {
  const source = await packageFolder();
  if (source === null) return null;
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const cache = cacheFolder(env);
  const folder = join(cache, `chromium-${version}`);
  if (!(await exists(folder))) {
    const half = join(cache, `.chromium-${version}-${process.pid}-${randomBytes(4).toString('hex')}`);
    try {
      await makeFolder(half);
      const from = (name: string): string => join(source, 'bin', name);
      await Promise.all([
        pipeline(
          createReadStream(from('chromium.br')),
          createBrotliDecompress({ chunkSize: 1 << 20 }),
          createWriteStream(join(half, 'chromium')),
        ),
        // Chromium expects its software renderer beside itself.
        untar(from('swiftshader.tar.br'), half),
        untar(from('al2023.tar.br'), join(half, 'al2023')),
        untar(from('fonts.tar.br'), join(half, 'fonts')),
        writeFile(join(half, 'fonts.conf'), fontConfiguration(folder)),
      ]);
      await chmod(join(half, 'chromium'), 0o755);
      await rename(half, folder).catch(async (error) => {
        // Another process was faster.
        if (!(await exists(folder))) throw error;
      });
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  }
  const libraries = [join(folder, 'al2023', 'lib'), env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  return {
    executable: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}
