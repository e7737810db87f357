import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stage } from '../../../../src/main/jobs/output/stage-file';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const OTHER_DISK = '/dev/shm';

it.skipIf(!existsSync(OTHER_DISK) || statSync(OTHER_DISK).dev === statSync(tmpdir()).dev)(
  'follows no link that somebody put where a copy will be',
  async () => {
    const folder = mkdtempSync(join(OTHER_DISK, 'framegauge-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [image, own] = [join(temporaryFolder(), '0001.png'), join(folder, 'notes.txt')];
    writeFileSync(image, 'pixels');
    writeFileSync(own, 'dear diary');
    symlinkSync(own, join(folder, '.framegauge-job-3-frame-1-lease-7-copy-0001.png'));
    const { from } = await stage(image, join(folder, '0001.png'), { host: null, jobId: 3, frame: 1, lease: 7 });
    expect([readFileSync(from, 'utf8'), readFileSync(own, 'utf8')]).toEqual(['pixels', 'dear diary']);
  },
);
