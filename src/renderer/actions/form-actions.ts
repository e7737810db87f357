import { tidyOutput } from '../model/output-proposal';
import { formWithField, formWithScene, proposalFor, type RenderField, type RenderForm } from '../model/render-form';
import { blenderSceneOf, samplesFor } from '../model/scene-content';
import type { ActionContext } from './action-context';

/** The fields of the Properties area. */
export function createFormActions({ store, set, factoryStartup }: ActionContext) {
  function setField<F extends RenderField>(field: F, value: RenderForm[F]): void {
    const { form, model } = store.getState();
    const scene = model.host?.scene;
    if (form && scene) set({ form: formWithField(form, scene, field, value) });
  }

  return {
    setField,
    /** Another scene of the same .blend: the form says what that one says. */
    chooseSceneName(name: string): void {
      const { form, model } = store.getState();
      const scene = model.host?.scene;
      if (form && scene) set({ form: formWithScene(form, scene, name), touched: new Set() });
    },
    /** Another render engine for this job, with the samples that the file has for it. */
    chooseRenderEngine(renderEngine: string): void {
      const { form, model } = store.getState();
      const scene = model.host?.scene;
      const blender = scene && form && blenderSceneOf(scene, form.sceneName);
      if (!form || !blender) return;
      const samples = samplesFor(blender, renderEngine);
      set({ form: { ...form, renderEngine, samples: samples === null ? '' : String(samples) } });
    },
    /** Brings back what scene and host propose, for some fields. */
    resetFields(fields: readonly RenderField[]): void {
      const { form, model, touched } = store.getState();
      const scene = model.host?.scene;
      if (!form || !scene) return;
      const own = proposalFor(
        fields.some((field) => field === 'fps' || field === 'animations')
          ? { ...form, fps: String(scene.fps), animations: [] }
          : form,
        scene,
        factoryStartup(),
      );
      set({
        form: fields.reduce((next, field) => formWithField(next, scene, field, own[field]), form),
        touched: new Set([...touched].filter((field) => !fields.includes(field))),
      });
    },
    /** The person has left a field: what is wrong with it may be said, and a pasted path becomes a plain one. */
    touchField(field: RenderField): void {
      const { form, model, touched } = store.getState();
      if (!touched.has(field)) set({ touched: new Set([...touched, field]) });
      if (field === 'output' && form && model.host) setField('output', tidyOutput(form.output, model.host.info));
    },
  };
}
