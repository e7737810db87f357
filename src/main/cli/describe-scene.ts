import { imageFormats } from '../../shared/image-format';
import type { BlenderScene, SceneInfo } from '../../shared/scene';
import { counted, formatBytes } from './describe-job';
import { type Layout, paint, printable } from './table';

type Fact = readonly [name: string, value: string | null];

/** What a scene file contains, as lines for a terminal. */
export function sceneDetails(info: SceneInfo, layout: Layout): string[] {
  const { blender } = info;
  const lines = [
    `${paint(printable(info.name), 'bold', layout)}  ${info.engine}`,
    ...factLines(
      [
        ['File', `${info.path} (${formatBytes(info.bytes)})`],
        ['Saved by', blender?.version ? `Blender ${blender.version}` : null],
        ...(blender ? [] : ofFile(info)),
        ['Scripts', blender?.scripts ? 'has some, which run only with --allow-scripts' : null],
      ],
      layout,
    ),
  ];
  for (const scene of blender?.scenes ?? []) {
    const active = scene.name === blender!.activeScene ? '  active' : '';
    lines.push('', `${paint(`Scene “${printable(scene.name)}”`, 'bold', layout)}${active}`);
    lines.push(...factLines(ofBlenderScene(scene), layout));
  }
  if (info.warnings.length > 0)
    lines.push('', paint('Warnings', 'bold', layout), ...info.warnings.map((warning) => `  ${printable(warning)}`));
  return lines;
}

function factLines(facts: readonly Fact[], layout: Layout): string[] {
  return facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `  ${paint(name.padEnd(10), 'gray', layout)}  ${printable(value!)}`);
}

function ofFile(info: SceneInfo): Fact[] {
  const { scenes = [], activeScene } = info;
  return [
    ['Frames', framesOf(info)],
    ['Images', `${info.width} × ${info.height}, ${counted(info.samples, 'sample')}`],
    ['Scenes', names(scenes.map((name) => (scenes.length > 1 && name === activeScene ? [name, 'default'] : [name])))],
    ['Cameras', names(info.cameras.map((name) => [name]))],
    ['Animations', names(info.animations.map(({ name, seconds }) => [name, `${round(seconds)} s`]))],
  ];
}

function ofBlenderScene(scene: BlenderScene): Fact[] {
  const { width, height, percentage, samples, format, camera, views } = scene;
  const image = [
    `${width} × ${height}${percentage === 100 ? '' : ` at ${round(percentage)} %`}`,
    scene.movie ? 'a movie' : format === null ? null : imageFormats[format].name,
    scene.crop ? 'cropped' : null,
    scene.joinedViews ? `two views ${scene.joinedViews}` : null,
    views.length > 1 ? `views ${views.join(', ')}` : null,
  ];
  return [
    ['Frames', framesOf(scene)],
    ['Engine', [scene.renderEngine, samples === null ? null : counted(samples, 'sample')].filter(Boolean).join(', ')],
    ['Images', image.filter(Boolean).join(', ')],
    ['Output', scene.output === '' ? null : scene.output],
    ['Cameras', names(scene.cameras.map((name) => (name === camera ? [name, 'active'] : [name])))],
    ['Layers', scene.viewLayers.length > 1 ? names(scene.viewLayers.map((name) => [name])) : null],
    ['Also writes', scene.fileOutputs?.join(', ') || null],
  ];
}

function framesOf({
  frameStart,
  frameEnd,
  frameStep,
  fps,
}: Pick<SceneInfo, 'frameStart' | 'frameEnd' | 'frameStep' | 'fps'>): string {
  const count = Math.floor((frameEnd - frameStart) / frameStep) + 1;
  const step = frameStep === 1 ? '' : `x${frameStep}`;
  return `${frameStart}-${frameEnd}${step} (${counted(count, 'frame')}), ${round(fps)} frames per second`;
}

/** Names with what is to be said about them; null for none. */
function names(list: readonly (readonly [name: string, note?: string])[]): string | null {
  return list.map(([name, note]) => `“${name}”${note === undefined ? '' : ` (${note})`}`).join(', ') || null;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
