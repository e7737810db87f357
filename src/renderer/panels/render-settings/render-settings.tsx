import { AnimationSettings } from './animation-settings';
import { BlenderSettings } from './blender-settings';
import { FrameRangeSettings } from './frame-range-settings';
import { ImageSettings } from './image-settings';
import { MachineSettings } from './machine-settings';
import { OutputSettings } from './output-settings';
import { SchedulingSettings } from './scheduling-settings';
import { useRenderFields, type SettingsProps } from './use-render-fields';

/** How the scene is to be rendered: the common things open, the others folded away. */
export function RenderSettings({ scene, form }: Pick<SettingsProps, 'scene' | 'form'>) {
  const fields = useRenderFields(scene, form);
  return (
    <>
      <AnimationSettings scene={scene} form={form} fields={fields} />
      <FrameRangeSettings fields={fields} />
      <ImageSettings scene={scene} form={form} fields={fields} />
      <OutputSettings scene={scene} form={form} fields={fields} />
      {scene.engine === 'blender' && <BlenderSettings scene={scene} form={form} fields={fields} />}
      <SchedulingSettings form={form} fields={fields} />
      <MachineSettings form={form} fields={fields} />
    </>
  );
}
