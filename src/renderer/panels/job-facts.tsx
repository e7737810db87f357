import type { Job } from '../../shared/jobs';
import { inWrittenOrder } from '../../shared/texts/direction';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Group } from '../controls/group';
import { WrappingPath } from '../controls/wrapping-path';
import { frames } from '../model/format';
import { nameOf } from '../model/host-path';
import { jobStateWords } from '../model/job-sentences';
import { renderEngineName } from '../model/render-engine-name';

/** How a job was asked for that is of another scene than the open one. Its own form is in the dialog that edits it. */
export function JobFacts({ job }: { job: Job }) {
  const { settings } = job;
  const rows: readonly (readonly [name: string, text: string, title?: string])[] = [
    [t('Name'), job.name],
    [t('State'), jobStateWords(job)],
    [t('Scene file'), nameOf(settings.scene), settings.scene],
    ...(settings.sceneName === null ? [] : [[t('Scene'), settings.sceneName] as const]),
    [t('Frames'), `${settings.frames} (${frames(job.frames.total)})`],
    [t('Size'), `${settings.width} × ${settings.height}`],
    ...(settings.renderEngine === null ? [] : [[t('Engine'), renderEngineName(settings.renderEngine)] as const]),
    ...(settings.samples > 0 ? [[t('Samples'), String(settings.samples)] as const] : []),
    ...(settings.camera === null ? [] : [[t('Camera'), settings.camera] as const]),
    [t('Frame rate'), t('{fps} fps', { fps: settings.fps })],
    [t('Output'), settings.output, settings.output],
  ];
  return (
    <Group title={t('Job {id}', { id: String(job.id) })}>
      <dl className="facts facts-whole">
        {rows.map(([name, text, title = text]) => (
          <div className="facts-row" key={name}>
            <dt>{name}</dt>
            <dd title={inWrittenOrder(title)}>
              <WrappingPath path={text} />
            </dd>
          </div>
        ))}
      </dl>
    </Group>
  );
}

/** What can be done from here with a job of another scene. */
export function JobButtons({ job, frame }: { job: Job; frame: number | null }) {
  const run = useRun();
  const { actions } = useApp();
  const busy = useAppState((state) => state.busy !== null);
  return (
    <>
      <Button
        changes
        icon="image"
        onClick={() => run('render-image')}
        aria-keyshortcuts="F12"
        title={t('Render a preview of frame {frame} with the settings of job {id} (F12)', {
          frame: String(frame ?? 1),
          id: String(job.id),
        })}
      >
        {t('Render Image')}
      </Button>
      <Button
        changes
        icon="folder"
        disabled={busy}
        title={t('Open {nameOf} to change its render settings', { nameOf: nameOf(job.settings.scene) })}
        onClick={() => void actions.openSceneOf(job)}
      >
        {t('Open Scene')}
      </Button>
    </>
  );
}
