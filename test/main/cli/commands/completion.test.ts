import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bashScript } from '../../../../src/main/cli/completion/bash';
import { fishScript } from '../../../../src/main/cli/completion/fish';
import { completionModel } from '../../../../src/main/cli/completion/model';
import { zshScript } from '../../../../src/main/cli/completion/zsh';
import { createProgram } from '../../../../src/main/cli/program';
import { runCli } from '../../../helpers/cli';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const nothing = new PassThrough() as unknown as NodeJS.WriteStream & NodeJS.ReadStream;
const model = completionModel(
  createProgram({ in: nothing, out: nothing, err: nothing, signal: new AbortController().signal }),
);
const at = (path: string): (typeof model)[number] => model.find((command) => command.path === path)!;

describe('what shells are offered', () => {
  it('is the program as it is', () => {
    expect(at('').commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'render',
        'submit',
        'jobs',
        'job',
        'watch',
        'requeue',
        'delete',
        'queue',
        'events',
        'engines',
        'completion',
        'help',
      ]),
    );
    expect(at('/queue').commands.map(({ name }) => name)).toEqual(['show', 'pause', 'resume']);
    expect(at('/render').argument).toEqual({ kind: 'scenes' });
    expect(at('/render').options.find(({ flags }) => flags.includes('--format'))?.value).toEqual({
      kind: 'values',
      values: ['png', 'jpeg', 'exr', 'exr-multilayer', 'webp', 'tiff', 'bmp', 'targa', 'hdr', 'jpeg2000'],
    });
    expect(at('/render').options.find(({ flags }) => flags.includes('--overwrite'))?.value).toBeNull();
    expect(at('/edit').options.flatMap(({ flags }) => flags)).toEqual(
      expect.arrayContaining(['--overwrite', '--no-overwrite', '--priority']),
    );
    for (const command of model.filter(({ path }) => path !== '')) {
      const flags = command.options.flatMap((option) => option.flags);
      expect(flags, command.path).toContain('--data');
      expect(new Set(flags).size, command.path).toBe(flags.length);
    }
  });
});

/** Whether a shell is on this machine. */
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe.skipIf(!has('bash'))('bash', () => {
  const script = bashScript(model);

  /** What bash offers when Tab is pressed at the end of a line, split as readline splits it. */
  function complete(line: string, folder = temporaryFolder()): string[] {
    const words = line.split(/ +|(?==)|(?<==)/);
    const run = spawnSync(
      'bash',
      [
        '--norc',
        '--noprofile',
        '-u',
        '-c',
        `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _framegauge; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    // compopt complains outside of a real completion; nothing else may.
    expect(run.stderr).toBe('');
    return run.stdout.split('\n').filter((word) => word !== '');
  }

  it('offers commands, and options after them', () => {
    expect(complete('framegauge re')).toEqual(['render', 'resume', 'requeue']);
    expect(complete('framegauge queue ')).toEqual(
      expect.arrayContaining(['show', 'pause', 'resume', '--json', '--data']),
    );
    expect(complete('framegauge queue pause --a')).toEqual(['--after']);
    expect(complete('framegauge requeue 3 --')).toEqual(
      expect.arrayContaining(['--all', '--failed', '--host', '--token', '--json', '--data', '--help']),
    );
    expect(complete('framegauge queue --a')).toEqual([]);
  });

  it('offers the values of options, after a blank or an equals sign', () => {
    expect(complete('framegauge queue pause --after ')).toEqual(['frame', 'job']);
    expect(complete('framegauge render shot.blend --format ex')).toEqual(['exr', 'exr-multilayer']);
    expect(complete('framegauge render --render-engine=cy')).toEqual(['cycles']);
    expect(complete('framegauge render --render-engine=')).toEqual(['cycles', 'eevee', 'workbench']);
    expect(complete('framegauge submit --order m')).toEqual(['middle-out']);
    expect(complete('framegauge completion ')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect(complete('framegauge render --samples ')).toEqual([]);
  });

  it('is not misled by values that are names of commands', () => {
    expect(complete('framegauge --data queue pa')).toEqual(['pause']);
    expect(complete('framegauge --data=queue queue pa')).toEqual(['pause']);
    expect(complete('framegauge render queue --form')).toEqual(['--format']);
  });

  it('offers scenes and folders, with blanks in their names', () => {
    const folder = temporaryFolder();
    for (const name of ['shot one.blend', 'shot.glb', 'shot.txt']) writeFileSync(join(folder, name), '');
    mkdirSync(join(folder, 'shots'));
    expect(complete('framegauge render sh', folder).sort()).toEqual(['shot one.blend', 'shot.glb', 'shots']);
    expect(complete('framegauge submit shot.glb shot', folder).sort()).toEqual(['shot one.blend', 'shot.glb', 'shots']);
    expect(complete('framegauge render --output sh', folder).sort()).toEqual([
      'shot one.blend',
      'shot.glb',
      'shot.txt',
      'shots',
    ]);
    expect(complete('framegauge pause sh', folder)).toEqual([]);
  });

  it('reads what the program prints', async () => {
    const printed = await runCli(['completion', 'bash']);
    expect(printed).toMatchObject({ code: 0, stdout: script });
    expect(spawnSync('bash', ['-c', `${script}\ncomplete -p framegauge`], { encoding: 'utf8' }).stdout).toBe(
      'complete -F _framegauge framegauge\n',
    );
  });
});

describe.each([
  ['zsh', zshScript],
  ['fish', fishScript],
] as const)('%s', (shell, make) => {
  // Nothing of ours needs these shells, so a machine without them lacks nothing.
  if (has(shell)) {
    it('can read its script', () => {
      expect(spawnSync(shell, ['-n'], { input: make(model), encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
    });
  }

  it('is told of every command and option', () => {
    const script = make(model);
    for (const { path, options } of model) {
      expect(script).toContain(`'${path}`);
      for (const { flags } of options) for (const flag of flags) expect(script).toContain(flag.replace(/^-+/, ''));
    }
  });
});

it('a shell that is not known is refused', async () => {
  expect(await runCli(['completion', 'tcsh'])).toMatchObject({
    code: 2,
    stderr: 'There is no completion for “tcsh”: write bash, zsh or fish.\n',
  });
});
