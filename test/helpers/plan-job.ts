import { type BlendProposalContext, proposeBlendJob } from '../../src/main/engines/blender/propose-job';
import { proposeGltfJob } from '../../src/main/engines/gltf/propose-job';
import { planJob } from '../../src/main/jobs/planning/plan-job';
import type { JobRequest, JobSettings } from '../../src/shared/jobs';
import type { SceneInfo } from '../../src/shared/scene';

/** A glTF job's settings, as resolved by the host. */
export function planGltfJob(request: JobRequest, scene: SceneInfo, outputDirectory: string): JobSettings {
  return planJob(request, scene, proposeGltfJob(request, scene, { outputDirectory }));
}

/** A .blend job's settings, as resolved by the host. */
export function planBlendJob(
  request: JobRequest,
  scene: SceneInfo,
  outputDirectory: string,
  context: Pick<BlendProposalContext, 'installations'> & Partial<BlendProposalContext>,
): JobSettings {
  const proposal = proposeBlendJob(request, scene, {
    outputDirectory,
    uploaded: false,
    factoryStartup: false,
    ...context,
  });
  return planJob(request, scene, proposal);
}
