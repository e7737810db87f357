import { expect, it } from 'vitest';
import { afterFailedScan } from '../../../src/main/jobs/failed-scan';
import { SceneGoneError, VolumeGoneError } from '../../../src/main/jobs/output/output-volume';
import { makeParts } from '../../helpers/queue-parts';

/** A job whose scan is in progress, and what fails it. */
async function makeScan() {
  const parts = makeParts();
  const active = await parts.begin();
  active.phase = 'scanning';
  const faults: unknown[] = [];
  const options = { ...parts, onFault: (error: unknown) => void faults.push(error) };
  return { ...parts, active, faults, options, fail: (error: unknown) => afterFailedScan(options, active, error) };
}

const databaseError = (): Error => Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });

it('fails the job, with the reason', async () => {
  const { fail, store, faults } = await makeScan();
  const error = new Error('permission denied');
  fail(error);
  expect(store.job(1)).toMatchObject({ state: 'failed', reason: 'permission denied' });
  expect(faults).toEqual([error]);
});

it('leaves alone a job that was stopped meanwhile', async () => {
  const { fail, states, store, pauseState } = await makeScan();
  states.finish(1, 'cancelled', 'cancelled by the user');
  fail(new Error('permission denied'));
  expect([store.job(1)!.state, pauseState.open(true)]).toEqual(['cancelled', true]);
});

it('holds the queue and scans again where the output’s volume is gone, which is no fault', async () => {
  const { fail, active, store, pauseState, faults } = await makeScan();
  fail(new VolumeGoneError('/mnt/renders', '/mnt'));
  expect([active.phase, store.job(1)!.state, pauseState.open(true)]).toEqual(['new', 'queued', false]);
  expect(faults).toEqual([]);
});

it('has the job alone wait where its scene’s volume is gone', async () => {
  const { fail, active, deferred, pauseState, faults } = await makeScan();
  fail(new SceneGoneError('/mnt/shot.glb', '/mnt'));
  expect([active.phase, deferred.passesOver(active), pauseState.open(true)]).toEqual(['new', true, true]);
  expect(faults).toEqual([]);
});

it('holds the queue and scans again where the database fails, also as the job is to end', async () => {
  const read = await makeScan();
  read.fail(databaseError());
  expect([read.active.phase, read.pauseState.open(true), read.faults.length]).toEqual(['new', false, 1]);
  const written = await makeScan();
  written.options.states = Object.assign(Object.create(written.states) as typeof written.states, {
    isLive: () => true,
    finish: () => {
      throw databaseError();
    },
  });
  written.fail(new Error('permission denied'));
  expect([written.active.phase, written.pauseState.open(true), written.faults.length]).toEqual(['new', false, 2]);
});
