import { useEffect, useState } from 'react';
import type { OperationOutput } from '../../shared/host-api';
import type { JobRequest } from '../../shared/jobs';
import { inWrittenOrder } from '../../shared/texts/direction';
import { t } from '../../shared/texts/translate';
import { messageOf } from '../../shared/user-error';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { CheckBox, SelectField } from '../controls/field';
import { Icon } from '../controls/icon';
import { WrappingPath } from '../controls/wrapping-path';
import { nameOf } from '../model/host-path';
import { withoutOptions } from '../model/job-sentences';
import './queue-scenes-dialog.css';
import './small-dialogs.css';

/** What the host says of a scene; null while it reads it. */
type Found = { readonly plan: OperationOutput<'job.plan'> } | { readonly problem: string } | null;
type Policy = 'newVersion' | 'keepExisting' | 'overwrite';

/** Scenes that are read at a time: each may start a Blender. */
const AT_ONCE = 2;

/** The one question before several scenes become jobs: which, with what settings, and what is wrong with any. */
export function QueueScenesDialog() {
  const { actions } = useApp();
  const scenes = useAppState((state) => state.droppedScenes);
  const busy = useAppState((state) => state.busy);
  const found = usePlans(scenes);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [policy, setPolicy] = useState<Policy>('newVersion');
  const planOf = (scene: string): OperationOutput<'job.plan'> | null => {
    const one = found.get(scene) ?? null;
    return one && 'plan' in one ? one.plan : null;
  };
  const chosen = scenes.filter((scene) => planOf(scene) !== null && !left.has(scene));
  const reading = scenes.length - found.size;
  const conflicts = chosen.filter((scene) => planOf(scene)!.conflict !== null).length;
  const queue = (): void => {
    const requests = chosen.map((scene): JobRequest => ({
      scene,
      ...(planOf(scene)!.conflict === null ? {} : { [policy]: true }),
    }));
    void actions.queueScenes(requests);
  };
  return (
    <Dialog
      title={t('Queue {count} Scenes', { count: scenes.length })}
      size="large"
      onClose={() => actions.showDialog(null)}
    >
      <div className="small-form">
        <ul className="queue-scenes scroll" aria-label={t('Scenes')}>
          {scenes.map((scene) => (
            <SceneRow
              key={scene}
              scene={scene}
              found={found.get(scene) ?? null}
              chosen={chosen.includes(scene)}
              onChoose={(take) =>
                setLeft(take ? new Set([...left].filter((one) => one !== scene)) : new Set([...left, scene]))
              }
            />
          ))}
        </ul>
        {conflicts > 0 && (
          <SelectField<Policy>
            label={t('Existing images')}
            value={policy}
            options={[
              { value: 'newVersion', label: t('Render a new version') },
              { value: 'keepExisting', label: t('Keep them, and render the others') },
              { value: 'overwrite', label: t('Overwrite them') },
            ]}
            onChange={setPolicy}
          />
        )}
        <div className="small-buttons">
          <span className="dim" role="status">
            {reading > 0
              ? t('{count, plural, one {# scene is} other {# scenes are}} still being read.', { count: reading })
              : busy !== null
                ? `${busy}…`
                : t('Each is rendered as its file says; jobs can be edited in the queue.')}
          </span>
          <Button onClick={() => actions.showDialog(null)}>{t('Cancel')}</Button>
          <Button
            kind="primary"
            data-autofocus=""
            disabled={chosen.length === 0 || reading > 0 || busy !== null}
            onClick={queue}
          >
            {t('{count, plural, one {Queue # Job} other {Queue # Jobs}}', { count: chosen.length })}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

interface RowProps {
  scene: string;
  found: Found;
  chosen: boolean;
  onChoose: (take: boolean) => void;
}

function SceneRow({ scene, found, chosen, onChoose }: RowProps) {
  const name = nameOf(scene);
  const plan = found && 'plan' in found ? found.plan : null;
  const problem = found && 'problem' in found ? found.problem : null;
  return (
    <li className="queue-scene">
      <CheckBox hiddenLabel label={name} checked={chosen} disabled={plan === null} onChange={onChoose} />
      <div className="queue-scene-text">
        <p className="queue-scene-name" title={inWrittenOrder(scene)}>
          {name}
        </p>
        {found === null && <p className="dim">{t('Reading…')}</p>}
        {plan && (
          <>
            <p className="dim">
              {[
                plan.settings.frames,
                `${plan.settings.width} × ${plan.settings.height}`,
                plan.settings.samples > 0
                  ? t('{count, plural, one {# sample} other {# samples}}', { count: plan.settings.samples })
                  : null,
              ]
                .filter((part) => part !== null)
                .join(' · ')}
            </p>
            <p className="dim queue-scene-output">
              <WrappingPath path={plan.settings.output} />
            </p>
          </>
        )}
        {plan?.conflict && <Problem level="warning" text={withoutOptions(plan.conflict.sentence)} />}
        {problem !== null && <Problem level="error" text={problem} />}
      </div>
    </li>
  );
}

function Problem({ level, text }: { level: 'warning' | 'error'; text: string }) {
  return (
    <p className={`queue-scene-${level}`}>
      <Icon name={level} />
      <span className="selectable">{text}</span>
    </p>
  );
}

/** Asks the host what would become of each scene, a few at a time, until all are known or the dialog has closed. */
function usePlans(scenes: readonly string[]): ReadonlyMap<string, NonNullable<Found>> {
  const { client } = useApp();
  const [found, setFound] = useState<ReadonlyMap<string, NonNullable<Found>>>(new Map());
  useEffect(() => {
    const aborter = new AbortController();
    let next = 0;
    const work = async (): Promise<void> => {
      while (!aborter.signal.aborted && next < scenes.length) {
        const scene = scenes[next++]!;
        const one = await client.call('job.plan', { scene }).then(
          (plan) => ({ plan }),
          (error: unknown) => ({ problem: messageOf(error) }),
        );
        if (!aborter.signal.aborted) setFound((before) => new Map([...before, [scene, one]]));
      }
    };
    for (let worker = 0; worker < AT_ONCE; worker += 1) void work();
    return () => aborter.abort();
  }, [client, scenes]);
  return found;
}
