import type { StatisticsSample } from '../../src/shared/statistics';
import type { Addon } from '../../src/shared/addons';
import type { EngineInfo } from '../../src/shared/engines';
import type { MachineInfo } from '../../src/shared/machines';
import type { HostState } from '../../src/shared/host-api';
import { type Frame, type FrameState, type Job, type JobSettings, jobSettingsSchema } from '../../src/shared/jobs';
import type { JobPlan } from '../../src/shared/job-plan';
import type { BlenderScene, SceneInfo } from '../../src/shared/scene';

/** Sample objects as they arrive from the host, for tests to modify. */

export function sampleScene(change: Partial<SceneInfo> = {}): SceneInfo {
  return {
    path: '/scenes/turntable.glb',
    name: 'turntable',
    engine: 'gltf',
    bytes: 549_000,
    frameStart: 1,
    frameEnd: 48,
    frameStep: 1,
    fps: 24,
    width: 1280,
    height: 720,
    samples: 16,
    cameras: ['Main', 'Close-up'],
    animations: [{ name: 'Turn', seconds: 2 }],
    thumbnail: null,
    blender: null,
    warnings: [],
    ...change,
  };
}

export function sampleSettings(change: Partial<JobSettings> = {}): JobSettings {
  const least = {
    scene: '/scenes/turntable.glb',
    frames: '1-48',
    width: 320,
    height: 180,
    samples: 16,
    camera: null,
    fps: 24,
    output: '/out/####.png',
    overwrite: false,
    workers: null,
  };
  return jobSettingsSchema.parse({ ...least, ...change });
}

export function samplePlan(change: Partial<JobPlan> = {}): JobPlan {
  return {
    settings: sampleSettings(),
    frames: 48,
    there: 0,
    images: { first: '/out/0001.png', last: '/out/0048.png' },
    warnings: [],
    conflict: null,
    newVersion: '/out/v002/####.png',
    ...change,
  };
}

/** Counts of a job of 48 frames. */
export function sampleCounts(done: number, failed = 0): Job['frames'] {
  return { total: 48, waiting: 48 - done - failed, rendering: 0, done, failed, skipped: 0 };
}

export function sampleJob(change: Partial<Job> = {}, settings: Partial<Job['settings']> = {}): Job {
  return {
    id: 1,
    name: 'turntable',
    note: '',
    engine: 'gltf',
    settings: sampleSettings(settings),
    state: 'rendering',
    reason: null,
    failure: null,
    position: 1,
    priority: 0,
    after: [],
    startAt: null,
    waitsFor: null,
    warnings: [],
    suspicious: 0,
    machines: [],
    createdAt: 1_000,
    startedAt: 2_000,
    finishedAt: null,
    frames: { total: 48, waiting: 48, rendering: 0, done: 0, failed: 0, skipped: 0 },
    lastFrame: null,
    framesPerMinute: null,
    secondsLeft: null,
    secondsLeftP90: null,
    ...change,
  };
}

export function sampleFrame(frame: number, state: FrameState = 'waiting', change: Partial<Frame> = {}): Frame {
  const there = state === 'done' || state === 'skipped';
  const file = there ? `/out/${frame}.png` : null;
  return {
    frame,
    state,
    attempts: state === 'waiting' ? 0 : 1,
    reason: null,
    failure: null,
    file,
    files: file === null ? [] : [file],
    suspicion: null,
    slot: null,
    machine: null,
    peakBytes: null,
    seconds: state === 'done' ? 0.5 : null,
    writtenAt: there ? 3_000 + frame : null,
    ...change,
  };
}

export function sampleMachine(change: Partial<MachineInfo> = {}): MachineInfo {
  return {
    id: '0123456789ab',
    name: 'node-7',
    state: 'idle',
    reason: null,
    paused: false,
    tags: [],
    sleep: '',
    idleMinutes: null,
    workers: 4,
    frames: 0,
    engines: ['gltf'],
    installations: [],
    roots: [],
    memory: null,
    metrics: null,
    lastError: null,
    version: '0.1.0',
    lastSeen: 5_000,
    joinedAt: 1_000,
    ...change,
  };
}

export function sampleAddon(change: Partial<Addon> = {}): Addon {
  return {
    manifest: {
      schemaVersion: 1,
      id: 'prometheus',
      version: '1.0.0',
      name: 'Prometheus Metrics',
      tagline: 'Serves the state of renders as metrics for Prometheus and Grafana',
      description: 'An HTTP server that answers a scrape of /metrics.',
      author: 'Framegauge',
      license: 'MIT',
      category: 'Monitoring',
      api: '^1',
      main: 'main.js',
      permissions: { network: 'It listens on Address:port.' },
      preferences: [
        {
          key: 'address',
          type: 'string',
          label: 'Address:port',
          description: 'Where the metrics are served.',
          default: '0.0.0.0:8000',
        },
      ],
    },
    folder: '/addons/prometheus',
    bundled: true,
    enabled: false,
    state: 'off',
    isolation: null,
    reason: null,
    status: null,
    preferences: { address: '0.0.0.0:8000' },
    handlerErrors: 0,
    previousVersion: null,
    warnings: [],
    ...change,
  };
}

export function sampleState(change: Partial<HostState> = {}): HostState {
  return {
    info: {
      version: '0.1.0',
      shell: 'headless',
      platform: 'linux',
      pid: 4242,
      dataFolder: '/data',
      home: '/home/ada',
      safeMode: false,
    },
    scene: null,
    jobs: [],
    queue: { state: 'running', reason: null, secondsLeft: null, secondsLeftP90: null },
    workers: [],
    machines: [],
    addons: [sampleAddon()],
    operators: [],
    operatorRuns: [],
    panels: [],
    preferences: { 'render.outputDirectory': '', 'render.workers': 0, 'render.workerTimeout': 60 },
    sceneChanged: false,
    notices: [],
    ...change,
  };
}

/** One scene of a .blend. */
export function sampleBlenderScene(change: Partial<BlenderScene> = {}): BlenderScene {
  return {
    name: 'Scene',
    frameStart: 1,
    frameEnd: 240,
    frameStep: 1,
    fps: 24,
    width: 1920,
    height: 1080,
    percentage: 50,
    camera: 'Camera',
    cameras: ['Camera', 'Camera.001'],
    renderEngine: 'cycles',
    samples: 128,
    samplesByEngine: { cycles: 128, eevee: 64 },
    output: '//render/shot_####',
    format: 'png',
    movie: false,
    views: [''],
    viewLayers: ['ViewLayer'],
    sequencer: false,
    ...change,
  };
}

/** A .blend that Blender has read. */
export function sampleBlend(
  change: Partial<SceneInfo> = {},
  scenes: BlenderScene[] = [sampleBlenderScene()],
  blender: Partial<NonNullable<SceneInfo['blender']>> = {},
): SceneInfo {
  const [first] = scenes;
  return sampleScene({
    path: '/scenes/robot.blend',
    name: 'robot',
    engine: 'blender',
    bytes: 48_300_000,
    frameStart: first!.frameStart,
    frameEnd: first!.frameEnd,
    frameStep: first!.frameStep,
    fps: first!.fps,
    width: 960,
    height: 540,
    samples: first!.samples ?? 1,
    cameras: first!.cameras,
    animations: [],
    blender: { version: '3.4', activeScene: first!.name, scenes, scripts: false, ...blender },
    ...change,
  });
}

/** A Blender of a version that was found in the path. */
export function sampleBlender(version: string, change: Partial<EngineInfo> = {}): EngineInfo {
  return sampleEngine({
    id: `blender-${version}`,
    name: `Blender ${version}`,
    version,
    path: `/opt/${version}/blender`,
    default: false,
    ...change,
  });
}

export function sampleEngine(change: Partial<EngineInfo> = {}): EngineInfo {
  return {
    id: 'blender-3.4.1',
    engine: 'blender',
    name: 'Blender 3.4.1',
    version: '3.4.1',
    path: '/usr/bin/blender',
    source: 'path',
    problem: null,
    default: true,
    ...change,
  };
}

/** A sample of the statistics. */
export function sampleStatistics(change: Partial<StatisticsSample> = {}): StatisticsSample {
  return {
    time: 1_000,
    framesPerMinute: 12,
    framesLeft: 30,
    rendering: 2,
    processor: 0.5,
    workers: [],
    jobs: [],
    disks: [{ mountPoint: '/', freeBytes: 40e9, sizeBytes: 100e9 }],
    ...change,
  };
}
