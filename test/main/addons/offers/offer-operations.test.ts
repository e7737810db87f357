import { expect, it } from 'vitest';
import { createOfferOperations } from '../../../../src/main/addons/offers/offer-operations';
import type { OperatorRegistry } from '../../../../src/main/addons/offers/operator-registry';
import type { Operator, OperatorRun } from '../../../../src/shared/operators';

const make: Operator = {
  id: 'video.make',
  addonId: 'video',
  addonName: 'Video',
  label: 'Make',
  description: '',
  parameters: [
    { key: 'job', type: 'job', label: 'Job', description: '' },
    { key: 'frame', type: 'frame', label: 'Frame', description: '' },
  ],
};

it('an add-on may read the images of the job that its operator is about, before it runs', async () => {
  const steps: string[] = [];
  const operators = {
    list: () => [make],
    run(id: string) {
      steps.push(`run ${id}`);
      return { run: 1 } as OperatorRun;
    },
  } as unknown as OperatorRegistry;
  const run = createOfferOperations({ operators }, async (addon, jobs) => {
    await Promise.resolve();
    steps.push(`grant ${addon} ${jobs.join()}`);
  })['operator.run'];
  await run({ id: 'video.make', parameters: { job: '7', frame: 1 }, wait: false });
  expect(steps).toEqual(['grant video 7', 'run video.make']);
});
