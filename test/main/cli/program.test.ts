import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/main/cli/program';
import { runCli } from '../../helpers/cli';

/** The command line in this process, for what is refused before any host is asked. */
async function refusal(...args: string[]): Promise<unknown> {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream & NodeJS.ReadStream;
  const program = createProgram({ in: stream, out: stream, err: stream, signal: new AbortController().signal });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

describe('the command line', () => {
  it.each([
    ['no number of a job', ['pause', 'shot'], /^“shot” is not the number of a job: “framegauge jobs” lists them\.$/],
    ['a range of no sense', ['cancel', '9-3'], /^“9-3” is not a range of jobs: write it as 7-12\.$/],
    ['a state that is none', ['jobs', '--state', 'broken'], /^--state cannot be “broken”: /],
    ['both kinds of requeueing', ['requeue', '1', '--all', '--failed'], /^--all and --failed exclude each other/],
    ['an edit of nothing', ['edit', '1'], /^Say what to change/],
    ['a move to nowhere', ['move', '1'], /^Say where to: --before ID or --last\.$/],
    ['a priority that no job gives', ['move', '1', '--last', '--take-priority'], /^--take-priority needs --before/],
    ['a move to two places', ['move', '1', '--last', '--before', '2'], /^Say where to/],
    [
      'a pause after something else',
      ['queue', 'pause', '--after', 'lunch'],
      /^--after cannot be “lunch”: write frame or job\.$/,
    ],
    ['a limit of no sense', ['history', '--limit', 'all'], /^--limit cannot be “all”/],
    ['a frame of no sense', ['logs', '1', '--frame', 'last'], /^--frame cannot be “last”/],
    ['a cursor of no sense', ['events', '--after', 'yesterday'], /^--after cannot be “yesterday”/],
    ['frames without JSON', ['job', '1', '--frames'], /^--frames goes with --json\.$/],
    [
      'a time of no sense',
      ['submit', 'a.blend', '--start-at', 'soon'],
      /^--start-at cannot be “soon”: write a time as 22:00/,
    ],
    ['a format that is none', ['render', 'a.blend', '--format', 'gif'], /^--format cannot be “gif”: write png, jpeg/],
    ['a token without a host', ['jobs', '--token', 'x'], /^--token goes with --host/],
    ['a port of no sense', ['serve', '--port', '99999'], /^--port cannot be “99999”/],
    ['two names in one', ['serve', '--name', 'a b'], /^--name cannot be “a b”: write one host name/],
    ['no name', ['serve', '--name', ''], /^--name cannot be “”: write one host name/],
  ])('refuses %s in a sentence', async (_what, args, sentence) => {
    expect(await refusal(...args)).toMatchObject({
      kind: 'arguments',
      message: expect.stringMatching(sentence) as unknown,
    });
  });

  it.each([
    ['an unknown command', ['rendre'], /unknown command 'rendre'/],
    ['an unknown option', ['jobs', '--stat', 'x'], /unknown option '--stat'/],
    ['a missing argument', ['pause'], /missing required argument 'id'/],
  ])('refuses %s with the way to the help, and ends with 2', async (_what, args, sentence) => {
    const refused = await runCli(args);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(sentence);
    expect(refused.stderr).toContain('framegauge --help');
  });

  it('helps in sections', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const [section, command] of [
      ['Rendering:', 'submit <scene...>'],
      ['Viewing:', 'watch [id]'],
      ['Managing jobs:', 'requeue <id...>'],
      ['Managing the queue:', 'queue pause|resume'],
      ['Setup:', 'addons list|enable|disable|install|rollback|uninstall|search|update|index|create|check|test|pack'],
    ] as const) {
      expect(stdout).toContain(`\n${section}\n`);
      expect(stdout.indexOf(command), command).toBeGreaterThan(stdout.indexOf(section));
    }
    // Nothing is left over for commander's own section.
    expect(stdout).not.toContain('\nCommands:\n');
    expect((await runCli(['help', 'render'])).stdout).toMatch(
      /What to render:[^]*Images:[^]*Blender:[^]*Queue:[^]*Which host:[^]*give scene and output as that machine sees them/,
    );
  });
});
