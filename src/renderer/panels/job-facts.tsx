import type { Job } from '../../shared/jobs';
import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Group } from '../controls/group';
import { frames } from '../model/format';
import { nameOf } from '../model/host-path';
import { jobStateWords } from '../model/job-sentences';
import { renderEngineName } from '../model/render-engine-name';

/** How a job was asked for that is of another scene than the open one. Its own form is in the dialog that edits it. */
export function JobFacts({ job }: { job: Job }) {
  const { settings } = job;
  const rows: readonly (readonly [name: string, text: string, title?: string])[] = [
    ['Name', job.name],
    ['State', jobStateWords(job)],
    ['Scene file', nameOf(settings.scene), settings.scene],
    ...(settings.sceneName === null ? [] : [['Scene', settings.sceneName] as const]),
    ['Frames', `${settings.frames} (${frames(job.frames.total)})`],
    ['Size', `${settings.width} × ${settings.height}`],
    ...(settings.renderEngine === null ? [] : [['Engine', renderEngineName(settings.renderEngine)] as const]),
    ...(settings.samples > 0 ? [['Samples', String(settings.samples)] as const] : []),
    ...(settings.camera === null ? [] : [['Camera', settings.camera] as const]),
    ['Frame rate', `${settings.fps} fps`],
    ['Output', settings.output, settings.output],
  ];
  return (
    <Group title={`Job ${job.id}`}>
      <dl className="facts">
        {rows.map(([name, text, title = text]) => (
          <div className="facts-row" key={name}>
            <dt>{name}</dt>
            <dd title={title}>{text}</dd>
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
        title={`Render a preview of frame ${frame ?? 1} with the settings of job ${job.id} (F12)`}
      >
        Render Image
      </Button>
      <Button
        changes
        icon="folder"
        disabled={busy}
        title={`Open ${nameOf(job.settings.scene)} to change its render settings`}
        onClick={() => void actions.openSceneOf(job)}
      >
        Open Scene
      </Button>
    </>
  );
}
