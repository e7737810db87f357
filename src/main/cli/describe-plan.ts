import { imageFormats } from '../../shared/image-format';
import type { JobPlan } from '../../shared/job-plan';
import { counted } from './describe-job';
import { type Layout, paint, printable } from './table';

/** What a job would do, as lines for a terminal. */
export function planDetails(plan: JobPlan, layout: Layout): string[] {
  const { settings, frames, there, images, conflict, newVersion, warnings } = plan;
  const size = settings.imageSize ?? settings;
  const facts: [string, string | null][] = [
    ['Scene', `${settings.scene}${settings.sceneName === null ? '' : `, scene “${settings.sceneName}”`}`],
    [
      'Frames',
      `${settings.frames} (${counted(frames, 'frame')}${there === 0 ? '' : `, ${there} of them ${there === 1 ? 'is' : 'are'} there`})`,
    ],
    ['Output', settings.output],
    ['Files', images.first === images.last ? images.first : `${images.first} to ${images.last}`],
    [
      'Images',
      `${size.width} × ${size.height}, ${counted(settings.samples, 'sample')}, ${imageFormats[settings.format].name}${settings.camera === null ? '' : `, camera “${settings.camera}”`}`,
    ],
    ['In the way', conflict && conflict.sentence],
    ['New version', conflict && newVersion],
  ];
  const lines = [paint('Nothing is rendered: this is a dry run.', 'bold', layout)];
  for (const [name, value] of facts)
    if (value !== null) lines.push(`  ${paint(name.padEnd(11), 'gray', layout)}  ${printable(value)}`);
  if (warnings.length > 0)
    lines.push('', paint('Warnings', 'bold', layout), ...warnings.map((warning) => `  ${printable(warning)}`));
  return lines;
}
