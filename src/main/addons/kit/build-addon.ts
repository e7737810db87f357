import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parse } from 'acorn';
import { simple } from 'acorn-walk';
import { makeFolder } from '../../data/make-folder';
import type { AddonManifest } from '../../../shared/addons';
import { UserError } from '../../../shared/user-error';
import { writeFileAtomically } from '../../data/write-file-atomically';

/** Maximum size of a source file, in bytes. */
const MAX_SOURCE = 2 * 1024 * 1024;
const SOURCE = /(?<!\.d)\.(m?)ts$/;
/** Readable by everybody, as what an editor writes. */
const SHARED_FILE = 0o644;

/**
 * Strips the types of an add-on written in TypeScript: every `src/x.ts` becomes `dist/x.js`, and `.mts` becomes `.mjs`.
 * Code keeps its lines and columns, so a stack trace names the place in the source.
 *
 * An add-on is left alone unless addon.json's `main` lies in `dist/` and its source in `src/`, and when its
 * package.json has a `build` script, which then is the author's way to make `dist/`.
 *
 * @returns the files written, relative to the folder; null when there is nothing to build
 * @throws UserError that names the file, the line and what is wrong
 */
export async function buildAddon(folder: string, { main }: Pick<AddonManifest, 'main'>): Promise<string[] | null> {
  if (!(await isStripped(folder, main))) return null;
  const { transformSync } = await import('@swc/wasm-typescript');
  const written: string[] = [];
  for (const name of (await readdir(join(folder, 'src'), { recursive: true })).sort()) {
    const source = join(folder, 'src', name);
    if (!SOURCE.test(name) || !(await stat(source)).isFile()) continue;
    const text = await readSource(source, folder);
    const stripped = rewriteImports(stripTypes(text, relative(folder, source), transformSync));
    const target = join(folder, 'dist', name.replace(SOURCE, '.$1js'));
    const present = await readFile(target, 'utf8').catch(() => null);
    if (present === stripped) continue;
    await makeFolder(dirname(target));
    await writeFileAtomically(target, stripped, SHARED_FILE);
    written.push(relative(folder, target));
  }
  return written;
}

/** Whether the add-on's main module is made from TypeScript by {@link buildAddon}. */
export async function isStripped(folder: string, main: string): Promise<boolean> {
  const path = /^(?:\.\/)?dist\/(.+)\.(m?)js$/.exec(main);
  if (!path) return false;
  const source = await stat(join(folder, 'src', `${path[1]}.${path[2]}ts`)).catch(() => null);
  if (!source?.isFile()) return false;
  const scripts = await readFile(join(folder, 'package.json'), 'utf8')
    .then((text) => (JSON.parse(text) as { scripts?: Record<string, unknown> }).scripts)
    .catch(() => undefined);
  return scripts?.['build'] === undefined;
}

async function readSource(file: string, folder: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MAX_SOURCE)
    throw new UserError(`${relative(folder, file)} has ${size} bytes: a source may have ${MAX_SOURCE} at most.`);
  return readFile(file, 'utf8');
}

function stripTypes(
  text: string,
  name: string,
  transformSync: (source: string, options: object) => { code: string },
): string {
  try {
    return transformSync(text, { mode: 'strip-only', filename: name, module: true }).code;
  } catch (error) {
    // swc throws plain objects.
    const { message, startLine, startColumn } = error as {
      message?: string;
      startLine?: number;
      startColumn?: number;
    };
    const place = startLine === undefined ? '' : `:${startLine}:${(startColumn ?? 0) + 1}`;
    throw new UserError(`${name}${place} cannot be read as TypeScript without types: ${message ?? String(error)}`);
  }
}

/** Replaces `.ts` by `.js` in the names of the add-on's own modules. */
function rewriteImports(code: string): string {
  const sources: { start: number; end: number; value: unknown }[] = [];
  const take = ({ source }: { source?: unknown }): void => {
    if (source) sources.push(source as { start: number; end: number; value: unknown });
  };
  simple(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), {
    ImportDeclaration: take,
    ExportNamedDeclaration: take,
    ExportAllDeclaration: take,
    ImportExpression: take,
  });
  let result = code;
  for (const { start, end, value } of sources.sort((a, b) => b.start - a.start)) {
    if (typeof value === 'string' && /^\.\.?\//.test(value) && SOURCE.test(value))
      result = `${result.slice(0, start)}${JSON.stringify(value.replace(SOURCE, '.$1js'))}${result.slice(end)}`;
  }
  return result;
}
