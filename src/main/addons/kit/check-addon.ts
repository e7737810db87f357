import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import type { AddonManifest } from '../../../shared/addons';
import { messageOf } from '../../../shared/user-error';
import { coercePreference } from '../../preferences/preference-value';
import { type AddonFile, addonFiles } from './addon-files';
import { checkTypes } from './check-types';
import type { Finding } from './finding';
import { createJobsUse } from './jobs-use';
import { prepareAddon } from './prepare-addon';
import { usedContext } from './used-context';
import { type UsedModules, usedModules } from './used-modules';

export interface AddonCheck {
  readonly manifest: AddonManifest;
  /** Errors first. */
  readonly findings: readonly Finding[];
}

/** Permissions, and the modules and globals of Node that need them. `jobs` is about the context: {@link createJobsUse}. */
const NEEDS = {
  network: /^(?:https?|http2|net|tls|dgram|dns(?:\/promises)?|fetch|WebSocket|EventSource)$/,
  processes: /^(?:child_process|cluster|Worker|process\.kill|process\.dlopen)$/,
  files: /^(?:fs|fs\/promises|sqlite)$/,
} as const;
type Permission = keyof typeof NEEDS;

/** What the names stand for where an add-on could have any folder among those of jobs. */
const CHOSEN = { output: 'the preferred output folder', scenes: 'the folders in render.sceneFolders' } as const;

const LEVELS: readonly Finding['level'][] = ['error', 'warning', 'note'];
/** Findings beyond this many of one kind are of no more help. */
const MAX_FINDINGS = 50;

/**
 * Looks an add-on over without running it: addon.json, the modules that it imports, the permissions that it would need
 * and has not asked for, what its package.json lacks, and its types where TypeScript is installed. Builds it first.
 *
 * What code reaches for in other ways (`process.binding`, `eval`) is not found: this helps authors, and protects
 * nobody.
 *
 * @param signal ends a type check
 * @throws UserError when addon.json, package.json or a TypeScript source cannot be used
 */
export async function checkAddon(folder: string, hostVersion: string, signal?: AbortSignal): Promise<AddonCheck> {
  const manifest = await prepareAddon(folder, hostVersion);
  const findings: Finding[] = [];
  const add = (level: Finding['level'], text: string): void => void findings.push({ level, text });
  const { files, missing } = await addonFiles(folder);
  for (const name of missing)
    add('error', `package.json names the dependency “${name}”, which is not in node_modules: run “npm install”.`);

  // The host does not look at these itself.
  for (const preference of manifest.preferences)
    try {
      if (preference.default !== '') coercePreference(preference, preference.default);
    } catch (error) {
      add('error', `The default of the preference “${preference.key}” is not allowed. ${messageOf(error)}`);
    }

  const used = new Set<Permission>();
  const jobs = createJobsUse();
  const packed = new Set(files.map(({ path }) => packageOf(path)).filter((name) => name !== null));
  for (const file of files) {
    if (file.path.endsWith('.node'))
      add(
        'error',
        `${file.path} is native code, which add-on processes do not load: use WebAssembly, or a program and the permission “processes”.`,
      );
    if (!/\.[cm]?js$/.test(file.path)) continue;
    const owner = packageOf(file.path);
    const code = await readFile(file.file, 'utf8');
    const modules = parse(code, file, add);
    if (!modules) continue;
    // What a package calls ctx is its own.
    if (owner === null) jobs.add(file.path, usedContext(code));
    for (const [name, place] of [...modules.modules, ...modules.globals]) {
      const permission = permissionFor(name, modules.globals.has(name));
      if (permission) used.add(permission);
      if (permission && !Object.hasOwn(manifest.permissions, permission))
        tellMissing(permission, name, owner === null ? `${file.path}:${place}` : null, owner, add);
      if (owner === null && modules.modules.has(name) && isPackage(name) && !packed.has(bareName(name)))
        add(
          'error',
          `${file.path}:${place} imports “${name}”, which would not be packed: add it to the dependencies of package.json with “npm install ${bareName(name)}”.`,
        );
    }
    if (owner === null)
      for (const place of modules.computed)
        add('note', `${file.path}:${place} imports a module whose name is computed; what it is cannot be checked.`);
    if (file.path === manifest.main.replace(/^\.\//, '') && modules.exported && !modules.exported.has('register'))
      if (!modules.exported.has('default'))
        add(
          'error',
          `${file.path} exports no function named “register”: the host calls it when the add-on is enabled.`,
        );
  }
  for (const permission of Object.keys(NEEDS) as Permission[])
    if (Object.hasOwn(manifest.permissions, permission) && !used.has(permission))
      add(
        'warning',
        `addon.json asks for “${permission}”, but nothing in it seems to use it: people trust an add-on that asks for less.`,
      );
  findings.push(...jobs.findings(manifest.permissions));
  const { files: asked, jobs: access } = manifest.permissions;
  const named = access?.access === 'control' ? (asked?.read.filter((name) => Object.hasOwn(CHOSEN, name)) ?? []) : [];
  for (const name of named)
    add(
      'warning',
      `“${name}” in “files” stands for ${CHOSEN[name as keyof typeof CHOSEN]} alone, since addon.json asks for “jobs” with the access “control”: ask for “read” to reach the folders of jobs.`,
    );
  const path = manifest.preferences.find(({ type }) => type === 'path');
  if (path && used.has('files') && !manifest.permissions.files)
    add(
      'warning',
      `The preference “${path.key}” is a path, but addon.json does not ask for the permission “files”: without it the add-on cannot reach what a person chooses there.`,
    );
  findings.push(...(await checkTypes(folder, signal)));
  return {
    manifest,
    findings: unique(findings)
      .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
      .slice(0, MAX_FINDINGS),
  };
}

function parse(
  code: string,
  file: AddonFile,
  add: (level: Finding['level'], text: string) => void,
): UsedModules | null {
  try {
    return usedModules(code);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Packages carry files for other systems; those are their business.
    if (packageOf(file.path) === null)
      add('error', `${file.path} is not JavaScript that Node can read: ${error.message}.`);
    return null;
  }
}

function tellMissing(
  permission: Permission,
  name: string,
  place: string | null,
  owner: string | null,
  add: (level: Finding['level'], text: string) => void,
): void {
  const what = place === null ? `The package “${owner}” uses` : `${place} uses`;
  if (permission === 'files') {
    if (place !== null)
      add(
        'note',
        `${what} ${name}: without the permission “files” it reaches the add-on’s own folder and its storage folder, nothing else.`,
      );
    return;
  }
  add(
    place === null ? 'warning' : 'error',
    `${what} ${name}, but addon.json does not ask for the permission “${permission}”: add it with the reason that people are shown.`,
  );
}

function permissionFor(name: string, isGlobal: boolean): Permission | null {
  const plain = name.replace(/^node:/, '');
  if (!isGlobal && !isBuiltin(name)) return null;
  return (Object.keys(NEEDS) as Permission[]).find((permission) => NEEDS[permission].test(plain)) ?? null;
}

const isPackage = (name: string): boolean => !/^(?:[./#]|[a-z]+:)/i.test(name) && !isBuiltin(name);

/** `@scope/name` of `@scope/name/part`. */
const bareName = (name: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;

/** The package that a file belongs to; null for the add-on's own. */
const packageOf = (path: string): string | null =>
  /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.level} ${finding.text}`, finding])).values()];
}
