import { createHash } from 'node:crypto';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FrameError, type RenderRequest, type RenderedFrame } from '../../../src/main/engines/render-engine';
import { type FarmClient, RefusedError, type Sent } from '../../../src/main/machine/farm-client';
import { openMachineRoots } from '../../../src/main/machine/machine-roots';
import { createTicketRunner } from '../../../src/main/machine/run-ticket';
import { RESULT_HEADER, type Ticket, type TicketResult } from '../../../src/shared/farm';
import { needs } from '../../helpers/needs';
import { smallDisk } from '../../helpers/small-disk';
import { temporaryFolder } from '../../helpers/temporary-folder';

const NEVER = new AbortController().signal;
const TICKET = { lease: 7, engine: 'flat-colour', setup: '', scene: 'a'.repeat(64), frame: 1 } as unknown as Ticket;

/** The files of a scene on a root. */
const ROOTED = JSON.stringify({ files: [{ path: 'a.flat', bytes: 1, modifiedAt: 0 }] });

interface Told {
  readonly results: TicketResult[];
  /** What was sent of the frame's file, each time. */
  readonly sent: string[];
  readonly ends: (string | null)[];
}

/**
 * Runs a ticket.
 *
 * @param refuse what the manager answers to the nth file or result that it is sent; undefined: takes it
 * @param proxy headers that come through, in either direction
 */
async function run(
  folder: string,
  refuse: (what: 'file' | 'result', nth: number) => RefusedError | undefined,
  render: (request: RenderRequest) => Promise<RenderedFrame> = paint,
  before: () => void = () => undefined,
  ticket = TICKET,
  proxy: (headers: Sent['headers']) => Sent['headers'] = (headers) => headers,
): Promise<Told> {
  const told: Told = { results: [], sent: [], ends: [] };
  const client = {
    async ask(_method: string, path: string, body: TicketResult) {
      if (path.endsWith('/progress')) return;
      told.results.push(body);
      const refused = refuse('result', told.results.length);
      if (refused) throw refused;
    },
    async get(): Promise<object> {
      return { bytes: 0 };
    },
    async send(_method: string, _path: string, { body, headers: given }: Sent) {
      const headers = proxy(given);
      told.sent.push(String(body));
      const refused = refuse('file', told.sent.length);
      if (refused) throw refused;
      const result = headers[RESULT_HEADER];
      if (result === undefined) return {};
      told.results.push(JSON.parse(String(result)) as TicketResult);
      const unwanted = refuse('result', told.results.length);
      if (unwanted) throw unwanted;
      return proxy({ [RESULT_HEADER]: 'taken' });
    },
  } as unknown as FarmClient;
  const read = async (): Promise<string> => ROOTED;
  const get = async (): Promise<never[]> => [];
  const roots = await openMachineRoots(
    [{ name: 'shows', path: folder }],
    { read, get } as unknown as FarmClient,
    () => undefined,
  );
  const runner = await createTicketRunner({
    client,
    scenes: {
      scenes: folder,
      use: (_id, _signal, use) => use({ scene: join(folder, 'a.flat'), root: folder }),
      close: () => undefined,
    },
    roots,
    workers: {
      lend: async () => ({ worker: { render } as never, giveBack: () => undefined }),
      close: () => Promise.resolve(),
    },
    folder: join(folder, 'frames'),
    onEnd: (_ticket, failure) => told.ends.push(failure),
  });
  before();
  await runner.run(ticket, NEVER);
  roots.close();
  return told;
}

async function paint({ folder }: RenderRequest): Promise<RenderedFrame> {
  const path = join(folder, 'image.png');
  writeFileSync(path, 'paint');
  return { files: [{ path, target: { view: '' } }], seconds: 1, peakBytes: null, warnings: [], log: ['a line'] };
}

describe('a ticket', () => {
  it('whose file arrived damaged is delivered again', async () => {
    const { sent, results, ends } = await run(temporaryFolder(), (what, nth) =>
      what === 'file' && nth < 3 ? new RefusedError(422, 'The file arrived damaged.') : undefined,
    );
    expect(sent).toEqual(['paint', 'paint', 'paint']);
    expect(results).toMatchObject([{ outcome: 'rendered' }]);
    expect(ends).toEqual([null]);
  });

  it('that prints more than a header takes tells its result by itself, after its file', async () => {
    const log = Array.from({ length: 200 }, (_, line) => `${line} ${'x'.repeat(50)}`);
    const { sent, results } = await run(
      temporaryFolder(),
      (what, nth) => (what === 'result' && nth === 1 ? new RefusedError(424, 'Not all files.') : undefined),
      async (request) => ({ ...(await paint(request)), log }),
    );
    expect(sent).toEqual(['paint', 'paint']);
    expect(results).toMatchObject([{ log }, { outcome: 'rendered', files: [{ view: '' }], log }]);
  });

  it('whose result does not come through with its file, or is not confirmed, is told by itself', async () => {
    const withoutIt = ({ [RESULT_HEADER]: _dropped, ...others }: Sent['headers']): Sent['headers'] => others;
    const dropped = await run(temporaryFolder(), () => undefined, paint, undefined, TICKET, withoutIt);
    expect(dropped.sent).toEqual(['paint']);
    expect(dropped.results).toMatchObject([{ outcome: 'rendered', log: ['a line'] }]);
    expect(dropped.ends).toEqual([null]);

    const unconfirmed = await run(
      temporaryFolder(),
      () => undefined,
      paint,
      undefined,
      TICKET,
      (headers) => (headers[RESULT_HEADER] === 'taken' ? {} : headers),
    );
    expect(unconfirmed.results).toHaveLength(2);
    expect(unconfirmed.results[0]).toEqual(unconfirmed.results[1]);
    expect(unconfirmed.ends).toEqual([null]);
  });

  it('whose result a proxy takes for too large a header is told by itself', async () => {
    const { sent, results, ends } = await run(temporaryFolder(), (what, nth) =>
      what === 'result' && nth === 1 ? new RefusedError(431, 'Request Header Fields Too Large') : undefined,
    );
    expect(sent).toEqual(['paint', 'paint']);
    expect(results).toHaveLength(2);
    expect(ends).toEqual([null]);
  });

  it.each([413, 422, 404])('whose file is refused with %i fails, and says so', async (status) => {
    const { results, ends } = await run(temporaryFolder(), (what) =>
      what === 'file' ? new RefusedError(status, 'The file is too large.') : undefined,
    );
    expect(results).toMatchObject([{ outcome: 'failed', final: true, kind: 'output', failure: 'output' }]);
    expect(ends).toEqual(['The manager does not take what was rendered: The file is too large.']);
  });

  it('whose result is refused fails, and says so', async () => {
    // It comes with the file, which may have arrived damaged.
    const { sent, results } = await run(temporaryFolder(), (what, nth) =>
      what === 'result' && nth <= 3 ? new RefusedError(422, 'files: a path below a folder.') : undefined,
    );
    expect(sent).toHaveLength(3);
    expect(results).toMatchObject([
      ...sent.map(() => ({ outcome: 'rendered' })),
      { outcome: 'failed', final: true, reason: expect.stringContaining('a path below a folder') as unknown },
    ]);
  });

  it('whose failure is refused is told in a form that is not', async () => {
    const { results } = await run(
      temporaryFolder(),
      (what, nth) => (what === 'result' && nth === 1 ? new RefusedError(413, 'Too large.') : undefined),
      () => Promise.reject(new FrameError('No paint.', false, 'render', ['line'])),
    );
    expect(results).toMatchObject([
      { outcome: 'failed', reason: 'No paint.' },
      { outcome: 'failed', log: [] },
    ]);
  });

  it('that is void is told no more', async () => {
    const { results, ends } = await run(temporaryFolder(), () => new RefusedError(409, 'Lease 7 is void.'));
    expect(results).toHaveLength(1);
    expect(ends).toEqual(['Lease 7 is void.']);
  });

  it('whose failure the manager no longer wants to hear of ends with it', async () => {
    const { ends } = await run(
      temporaryFolder(),
      () => new RefusedError(409, 'Lease 7 is void.'),
      () => Promise.reject(new FrameError('No paint.', false, 'render', [])),
    );
    expect(ends).toEqual(['No paint.']);
  });

  it('that can’t begin here is handed back', async () => {
    const folder = temporaryFolder();
    const frames = join(folder, 'frames');
    const { results } = await run(
      folder,
      () => undefined,
      paint,
      () => {
        rmSync(frames, { recursive: true });
        writeFileSync(frames, '');
      },
    );
    expect(results).toMatchObject([{ outcome: 'unable', reason: expect.stringContaining('ENOTDIR') as unknown }]);
    expect(readFileSync(frames, 'utf8')).toBe('');
  });

  it.each<[string, (request: RenderRequest) => Promise<RenderedFrame>]>([
    ['noticed nothing', paint],
    ['fails for good', () => Promise.reject(new FrameError('The scene is missing.', true))],
  ])('whose root goes away while it renders is handed back, though its engine %s', async (_what, end) => {
    const folder = temporaryFolder();
    const scene = join(folder, 'a.flat');
    writeFileSync(scene, 'a');
    utimesSync(scene, 0, 0);
    const ticket = {
      ...TICKET,
      scene: { root: 'shows', path: 'a.flat', files: createHash('sha256').update(ROOTED).digest('hex') },
    };
    const render = (request: RenderRequest): Promise<RenderedFrame> => {
      rmSync(scene);
      return end(request);
    };
    const { results, sent } = await run(folder, () => undefined, render, undefined, ticket);
    expect(sent).toEqual([]);
    expect(results).toMatchObject([
      { outcome: 'unable', reason: expect.stringContaining('“a.flat” on the root shows went away') as unknown },
    ]);
  });

  needs.smallDisk('on a full disk', () => {
    const fill = (folder: string): void => {
      try {
        for (let file = 0; ; file++) writeFileSync(join(folder, `filler-${file}`), Buffer.alloc(65_536));
      } catch {
        // Full.
      }
    };

    it('is handed back, whatever its engine says', async () => {
      const disk = await smallDisk(4);
      const { results } = await run(
        disk,
        () => undefined,
        () => {
          fill(disk);
          return Promise.reject(new FrameError('Blender could not write the image.', false, 'output'));
        },
      );
      expect(results).toMatchObject([{ outcome: 'unable', reason: expect.stringContaining('no space') as unknown }]);
    });

    it('is handed back though its engine has noticed nothing', async () => {
      const disk = await smallDisk(4);
      const { results, sent } = await run(
        disk,
        () => undefined,
        async (request) => {
          const rendered = await paint(request);
          fill(disk);
          return rendered;
        },
      );
      expect([results[0]!.outcome, sent]).toEqual(['unable', []]);
    });
  });
});
