// The add-on API of Framegauge, version 1. Made by scripts/addon-types.mjs from src/addon/api/context.ts: do not edit.

/// <reference types="node" />
import type {
  Counter,
  CounterConfiguration,
  Gauge,
  GaugeConfiguration,
  Histogram,
  HistogramConfiguration,
  Registry,
  Summary,
  SummaryConfiguration,
} from './prom-client.js';

/** The host's API for an add-on. Everything acquired through it is released on disable, in reverse order. */
export interface AddonContext {
  readonly id: string;
  readonly handlers: {
    /**
     * Adds a handler for a lifecycle event. It receives events from now on, even while `register` is still running.
     *
     * @param options.persistent keep the handler when another scene is loaded; other handlers are dropped between
     * load_pre and load_post
     * @returns a function that removes the handler
     */
    on(event: LifecycleEventName, handler: Handler, options?: { persistent?: boolean }): () => void;
  };
  readonly preferences: {
    /** The stored value, or the declared default. @throws Error when `key` is not declared in addon.json */
    get<T extends PreferenceValue = PreferenceValue>(key: string): T;
    /**
     * Calls back after a change, which counts as applied once the promise settles. @returns a function that
     * unsubscribes
     */
    onChange(key: string, listener: (value: PreferenceValue) => void | Promise<void>): () => void;
  };
  /** The add-on's own metrics; they disappear from the exposition when it is disabled. */
  readonly metrics: AddonMetrics;
  readonly storage: {
    /**
     * Absolute path of a folder of the add-on's own, which exists. It is kept when the add-on is disabled and updated;
     * apart from what its permission `files` names, the add-on can write nowhere else.
     */
    readonly folder: string;
  };
  readonly app: {
    /**
     * A read-only snapshot of the host. When it arrives, the lifecycle events that preceded it have been handled,
     * except inside a handler, since they wait for that handler.
     */
    snapshot(): Promise<AppSnapshot>;
  };
  /**
   * The queue, with the permission `jobs`: `read` for reading, `control` for everything else. Calls are carried out one
   * after another, as those of a person. Each rejects with an Error whose message is a sentence that says what is wrong,
   * and whose `code` is `not-found` where a job doesn't exist, `arguments` where the call itself is wrong, `failed` where
   * it could not be carried out, `disk` where the host's data folder can't be written to. Times are milliseconds since 1970.
   */
  readonly jobs: {
    /** A page of the jobs in rendering order, or of those that ended, latest first. */
    list(options?: {
      offset?: number;
      limit?: number;
      states?: Array<'queued' | 'rendering' | 'paused' | 'completed' | 'failed' | 'cancelled'>;
      /** Only jobs that this machine of the farm has had frames of. */
      machine?: string;
      order?: 'queue' | 'finished';
    }): Promise<{
      jobs: Array<Job>;
      total: number;
    }>;
    get(id: number): Promise<Job>;
    /** A page of a job's frames, in rendering order. */
    frames(
      id: number,
      options?: Omit<
        {
          id: number;
          offset?: number;
          limit?: number;
          states?: Array<'rendering' | 'failed' | 'waiting' | 'done' | 'skipped'>;
        },
        'id'
      >,
    ): Promise<Frame[]>;
    /** What a request would render, and what is in its way. Nothing is queued. */
    plan(request: JobRequest): Promise<{
      settings: {
        scene: string;
        frames: string;
        width: number;
        height: number;
        samples: number;
        /** null: the scene's first camera, or a camera that frames the scene. */
        camera: null | string;
        fps: number;
        /** Absolute output pattern. */
        output: string;
        /** The output pattern that `output` is a new version of; null where no version was asked for. */
        versionOf: null | string;
        overwrite: boolean;
        keepExisting: boolean;
        preview: boolean;
        /** null: limited by the preferences only. */
        workers: null | number;
        tags: Array<string>;
        blockedMachines: Array<string>;
        maxMachines: null | number;
        /** Id of the engine's installation; null for the default one. */
        installation: null | string;
        /** null: the file's active scene. */
        sceneName: null | string;
        /** null: the engine's default. */
        animations: null | Array<string>;
        /** null: as set in the scene. */
        transparent: null | boolean;
        /** null: as set in the file and in Blender's preferences. */
        device: null | 'cpu' | 'gpu' | 'cuda' | 'optix' | 'hip' | 'oneapi' | 'metal';
        /** null: as set in the scene. */
        renderEngine: null | string;
        format: 'png' | 'jpeg' | 'exr' | 'exr-multilayer' | 'webp' | 'tiff' | 'bmp' | 'targa' | 'hdr' | 'jpeg2000';
        /** Suffixes of each frame's views (`_L` and `_R` of a stereo scene); otherwise a single empty one. */
        views: Array<string>;
        /** Pixels of the image files, where the scene crops them or puts two views into one; null: `width` and `height`. */
        imageSize: null | {
          width: number;
          height: number;
        };
        /** Name of the scene's view transform on an sRGB display when the job was planned; null where unknown. */
        viewTransform: null | string;
        allowScripts: boolean;
        factoryStartup: boolean;
        order: string;
        attempts: number;
        failureShare: number;
      };
      /** Number of frames. */
      frames: number;
      /** How many of them would be skipped, as their images are there. */
      there: number;
      /** Paths of the images of the first and the last frame. */
      images: {
        first: string;
        last: string;
      };
      /** Warnings that the job would have, a sentence each. */
      warnings: Array<string>;
      /** Images that the request may not replace. `frames`: the number of frames affected; `job`: the job that wrote or will
       * write them; null where it is unknown. */
      conflict: null | {
        sentence: string;
        frames: number;
        job: null | number;
      };
      /** The output that `newVersion: true` would choose. */
      newVersion: string;
    }>;
    /** Queues a job. Scripts inside of the scene do not run: an add-on cannot allow them. */
    submit(request: JobRequest): Promise<Job>;
    edit(id: number, changes: JobChanges): Promise<Job>;
    pause(id: number): Promise<Job>;
    resume(id: number): Promise<Job>;
    cancel(id: number): Promise<Job>;
    /** Renders again: every frame, or those that failed or were never rendered. `failed` by default. */
    requeue(id: number, frames?: 'all' | 'failed'): Promise<Job>;
    /** Removes a job that is not being rendered from the queue. Its images are kept. */
    remove(id: number): Promise<void>;
    queue(): Promise<QueueInfo>;
    /** `now` by default. */
    pauseQueue(after?: 'now' | 'frame' | 'job'): Promise<QueueInfo>;
    resumeQueue(): Promise<QueueInfo>;
  };
  readonly operators: {
    /**
     * Offers an operator to people.
     *
     * @returns a function that takes it back; what of it is running goes on
     * @throws Error naming what is wrong with it, or when there are too many
     */
    add(operator: OperatorDeclaration): () => void;
  };
  readonly panels: {
    /**
     * Shows a panel in the window until it is removed or the add-on is disabled.
     *
     * @throws Error naming what is wrong with it, or when there are too many
     */
    add(panel: PanelDeclaration): ShownPanel;
  };
  readonly images: {
    /**
     * The image of a written frame, in a format that browsers can display; null when there is none. Needs the permission
     * `jobs`.
     *
     * @param options.size maximum side of a thumbnail in pixels; the whole image otherwise
     */
    read(jobId: number, frame: number, options?: { size?: number }): Promise<AddonImage | null>;
  };
  /** Routes of the control server, below `/addons/ID`. They are gone as soon as the add-on is disabled. */
  readonly http: AddonHttp;
  /** Timers that end when the add-on is disabled. An error of what they run is logged, and they go on. */
  readonly timers: {
    /** Runs once, after some milliseconds. @returns a function that cancels it */
    after(milliseconds: number, run: () => void | Promise<void>): () => void;
    /**
     * Runs again and again, each time some milliseconds after the last run has settled. @returns a function that ends it
     */
    every(milliseconds: number, run: () => void | Promise<void>): () => void;
  };
  /**
   * Shows a line in the add-on's panel; null clears it. May be called on every change: while the level stays the same,
   * the panel updates once a second.
   */
  status(status: (Omit<AddonStatus, 'details'> & { details?: AddonStatus['details'] }) | null): void;
  readonly log: {
    debug(text: string): void;
    info(text: string): void;
    warn(text: string): void;
    error(text: string): void;
  };
  /** Aborted when the add-on starts to be disabled. */
  readonly signal: AbortSignal;
  /**
   * Does long work that would be lost. Meanwhile the process is not started again for folders that `output` and `scenes`
   * come to stand for: they can be read some seconds after it. A running operator is such work without this. Disabling,
   * an update, a preference that grants a folder and the program's end do not wait.
   *
   * @returns what the work returns; settles with it
   */
  busy<T>(work: () => T | Promise<T>): Promise<T>;
  /** Registers a resource of the add-on's own to be released on disable. */
  onDispose(release: () => void | Promise<void>): void;
}

/** The exports of the module that addon.json names as `main`. */
export interface AddonModule {
  /** Called once when the add-on is enabled. If it throws, the add-on stays off and shows the message as the reason. */
  register(ctx: AddonContext): void | Promise<void>;
  /** Called when the add-on is disabled. Everything acquired through ctx is released afterwards in any case. */
  unregister?(): void | Promise<void>;
}

export type AddonImage = {
  bytes: Uint8Array<ArrayBufferLike>;
  /** Media type: `image/png`. */
  type: string;
};

export type AppSnapshot = {
  /** The program's version. */
  version: string;
  shell: 'desktop' | 'headless';
  startedAt: number;
  scene: null | {
    /** Absolute path. */
    path: string;
    /** File name without folder and extension. */
    name: string;
    engine: string;
    /** Size of the file in bytes. */
    bytes: number;
    frameStart: number;
    /** Last frame, inclusive. */
    frameEnd: number;
    /** N, where every Nth frame of the range is rendered. */
    frameStep: number;
    /** Frames per second. */
    fps: number;
    /** Default image size in pixels. */
    width: number;
    height: number;
    samples: number;
    cameras: Array<string>;
    animations: Array<{
      name: string;
      seconds: number;
    }>;
    /** A small embedded preview, as a data URL. */
    thumbnail: null | string;
    /** Of a .blend: what Blender found in it; null for other files, and where no Blender could open it. */
    blender: null | {
      /** Version that wrote the file, such as `3.4`. */
      version: null | string;
      activeScene: string;
      scenes: Array<{
        name: string;
        frameStart: number;
        frameEnd: number;
        frameStep: number;
        fps: number;
        /** Pixels, before the percentage. */
        width: number;
        height: number;
        percentage: number;
        /** The active camera. */
        camera: null | string;
        cameras: Array<string>;
        /** cycles, eevee, workbench, or the identifier of an add-on's engine. */
        renderEngine: string;
        /** null where the engine has no samples. */
        samples: null | number;
        /** As written in the file, `//` and `####` included. */
        output: string;
        /** null where the file asks for a movie or an unsupported format. */
        format:
          null | 'png' | 'jpeg' | 'exr' | 'exr-multilayer' | 'webp' | 'tiff' | 'bmp' | 'targa' | 'hdr' | 'jpeg2000';
        /** It is set to a movie format: stills are rendered instead. */
        movie: boolean;
        /** Suffixes of its views; a single empty one where it isn't stereo. */
        views: Array<string>;
        viewLayers: Array<string>;
        /** It renders the sequencer's output. */
        sequencer: boolean;
        /** The file's samples for each engine that has them, for jobs that choose another engine. */
        samplesByEngine?: Record<string, number>;
        /** Edges of what its images are cropped to, as shares of their size; absent or null for no crop. */
        crop?: null | {
          left: number;
          right: number;
          bottom: number;
          top: number;
        };
        /** How both views of a stereo image are put into one of double size; absent or null where they are not. */
        joinedViews?: null | 'side-by-side' | 'top-bottom';
        /** The same for a format that cannot hold all views in one file, where the file's own format does. */
        separateViews?: Array<string>;
        /** Name of its view transform on an sRGB display, such as `AgX`; absent or null where unknown. */
        viewTransform?: null | string;
        /** Its images pass through compositing nodes. */
        compositor?: boolean;
        /** Output paths of its File Output nodes, as written in the file: those files belong to each frame. */
        fileOutputs?: Array<string>;
        /** It has unbaked physics: a frame depends on those before it. */
        inSequence?: boolean;
      }>;
      /** It contains scripts that would run if allowed. */
      scripts: boolean;
    };
    /** Warnings for the user before rendering, a sentence each. */
    warnings: Array<string>;
    /** Names of a glTF's scenes, where it lists any, and the default one; `cameras` and `animations` are those of the
     * default scene. */
    scenes?: Array<string>;
    activeScene?: string;
    /** Cameras and animations of each of `scenes`, in their order, where there are several. */
    sceneContents?: Array<{
      cameras: Array<string>;
      animations: Array<{
        name: string;
        seconds: number;
      }>;
    }>;
    /** Animations of a glTF that animate the same property; the warnings depend on which of them are played: see
     * animation-overlaps. */
    overlaps?: Array<[string, string]>;
  };
  /** Engines known to work on this machine; Blender installations are discovered after the start. */
  engines: Array<string>;
  /** Unfinished jobs. */
  jobs: Array<Job>;
  queue: QueueInfo;
  /** Live workers, with their processes' memory where it can be read; `peakBytes` is the maximum that one held for a
   * frame. */
  workers: Array<{
    slot: number;
    engine: string;
    state: 'rendering' | 'starting' | 'idle' | 'stopping' | 'resting';
    /** The scene that it has loaded. */
    scene: null | string;
    jobId: null | number;
    frame: null | number;
    framesDone: number;
    /** Milliseconds since 1970. */
    startedAt: number;
    residentBytes: null | number;
    peakBytes: null | number;
    /** Why it is in backoff, in words. */
    reason?: string;
    /** Name of the machine of the farm it is on; missing where it is on the host's own. */
    machine?: string;
  }>;
  /** The farm that this host manages; null where it manages none. `queueUp`: its ticket queue can be reached. */
  farm: null | {
    queueUp: boolean;
    machines: Array<{
      name: string;
      state: 'rendering' | 'paused' | 'idle' | 'resting' | 'draining' | 'asleep' | 'refused' | 'cut-off';
      /** Number of its frames in work. */
      frames: number;
      /** Number of workers that it lends; 0 before it was heard from. */
      workers: number;
      /** Where Prometheus finds the metrics of its own process, as HOST:PORT; null where it serves none. */
      metrics: null | string;
    }>;
  };
  /** When a frame was last written. */
  lastFrameAt: null | number;
  /** File systems that images are written to: those of unfinished jobs, and that of the preferred output folder. */
  volumes: Array<{
    mountPoint: string;
    freeBytes: number;
    sizeBytes: number;
  }>;
  addons: Array<{
    id: string;
    state: 'failed' | 'running' | 'starting' | 'stopping' | 'off';
  }>;
  /** The program’s own processes by type (`Browser`, `Tab`, `GPU`, `Utility`), where it can tell them apart (Electron). */
  processes: Array<{
    type: string;
    residentBytes: number;
    cpuSeconds: number;
  }>;
  /** Counted since the requesting add-on was enabled. They survive a crash of its process. */
  totals: {
    jobs: {
      /** With those that completed though frames of them failed. */
      completed: number;
      completedWithFailures: number;
      failed: number;
      cancelled: number;
    };
    engines: Record<
      string,
      {
        rendered: number;
        failed: Record<'output' | 'render' | 'crash' | 'timeout' | 'memory' | 'image', number>;
        retried: number;
        skipped: number;
        frameSeconds: { counts: number[]; sum: number };
      }
    >;
    /** By worker slot, from “1”; those beyond {@link MAX_COUNTED_SLOTS} together. */
    slots: Record<
      string,
      {
        frames: number;
        busySeconds: number;
        errors: number;
        restarts: Record<'scene' | 'crash' | 'timeout' | 'memory' | 'exit', number>;
        cpuSeconds: number;
      }
    >;
    /** By name of the machine, those included that are no longer part of the farm. */
    machines: Record<
      string,
      { rendered: number; frameSeconds: number; leasesLost: number; deliveriesRefused: number; deliveredBytes: number }
    >;
    /** By add-on id. */
    addons: Record<string, { handlerSeconds: number; handlerErrors: number; restarts: number }>;
  };
  /** When the totals started at 0. */
  totalsSince: number;
  /** Upper bounds of the frame time buckets in the totals, in seconds; longer times go into one extra bucket. */
  frameSecondsBuckets: Array<number>;
};

export type MetricFamily = {
  name: string;
  help: string;
  type: 'unknown' | 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset' | 'gaugehistogram';
  values: Array<{
    /** NaN and the infinities are valid values too; z.number() would reject them. */
    value: number;
    labels: Record<string, string | number>;
    /** Series name where it differs from the family's: `_bucket`, `_sum`, `_count`, `_info`, `_gsum`, `_gcount`. */
    metricName?: string;
    /** When the value was true, in seconds since 1970, where that is not now: a scraper then keeps this time. */
    timestamp?: number;
    /** When this series started at 0, where that is known of each by itself; on a counter's sample, and on the
     * `_count` of a histogram or summary. */
    created?: number;
    /** An exemplar of a counter or a bucket. `timestamp` in seconds since 1970. Written in OpenMetrics only; the text
     * format has no exemplars. */
    exemplar?: null | {
      labelSet: Record<string, string | number>;
      value: number;
      timestamp?: number;
    };
  }>;
  /** A base unit that the name ends in, such as `seconds`. Written in OpenMetrics only. */
  unit?: string;
  /** When all its series started at 0, in seconds since 1970; omitted where that is unknown, and for gauges. */
  created?: number;
  /** The complete list of its series' label names, where the producer knows it; saves going through all values to find
   * out. */
  labelNames?: Array<string>;
};

export type AddonAction =
  | {
      type: 'open';
      label: string;
      href: string;
    }
  | {
      type: 'copy';
      label: string;
      text: string;
      note?: string;
    }
  | {
      type: 'save-monitoring-kit';
      label: string;
    };

export type AddonStatus = {
  level: 'error' | 'ok' | 'warning';
  text: string;
  details: Array<{
    label: string;
    value: string;
    href?: string;
  }>;
  actions?: Array<
    | {
        type: 'open';
        label: string;
        href: string;
      }
    | {
        type: 'copy';
        label: string;
        text: string;
        note?: string;
      }
    | {
        type: 'save-monitoring-kit';
        label: string;
      }
  >;
};

export type PreferenceValue = string | number | boolean;

export type GaugeMode =
  'sum' | 'all' | 'liveall' | 'livesum' | 'max' | 'livemax' | 'min' | 'livemin' | 'mostrecent' | 'livemostrecent';

/** A family that may also exist in columns. A copy, such as `{ ...family, values }`, loses its table. */
export interface CollectedFamily extends MetricFamily {
  readonly table?: MetricTable;
}

/**
 * A family in columns. Thousands of series become a list of strings that rarely changes and a block of numbers, which
 * pass between processes and into an exposition at a fraction of the cost of as many objects.
 */
export interface MetricTable {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly created?: number;
  readonly labelNames: readonly string[];
  /**
   * The labels of each series as written between an exposition's braces, `a="x",b="y"`. The identical list, not just an
   * equal one, while no series is added or removed: results derived from it can be cached by it.
   */
  readonly series: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending, without +Inf; null for other types. */
  readonly bounds: readonly number[] | null;
  /** One value per series; for a histogram the cumulative count at each bound, the sum and the count. */
  readonly values: Float64Array;
}

export type PanelElement =
  | {
      type: 'field';
      preference?: string;
      /** The operator's id within the add-on. */
      operator?: string;
      /** The parameter's key. */
      parameter?: string;
    }
  | {
      type: 'image';
      label: string;
      bytes?: Uint8Array<ArrayBufferLike>;
      job?: number;
      frame?: number;
    }
  | {
      type: 'label';
      text: string;
      level?: 'error' | 'ok' | 'warning';
      href?: string;
    }
  | {
      type: 'value';
      label: string;
      value: string | number;
      unit?: string;
      level?: 'error' | 'ok' | 'warning';
    }
  | {
      type: 'table';
      label: string;
      columns: Array<string>;
      /** A cell for each column. */
      rows: Array<Array<string | number>>;
    }
  | {
      type: 'sparkline';
      label: string;
      points: Array<null | number>;
      unit?: string;
    }
  | {
      type: 'button';
      /** The operator's id within the add-on. */
      operator: string;
      /** The operator's label where it is left out. */
      label?: string;
      parameters?: Record<string, string | number | boolean>;
    };

/** A parameter as an author declares it: `description` and the default of a boolean may be left out. */
export type OperatorParameterDeclaration =
  | {
      type: 'string' | 'path';
      key: string;
      label: string;
      default?: string;
      pattern?: string;
      description?: string;
    }
  | {
      type: 'number' | 'integer';
      key: string;
      label: string;
      default?: number;
      min?: number;
      max?: number;
      description?: string;
    }
  | {
      type: 'boolean';
      key: string;
      label: string;
      default?: boolean;
      description?: string;
    }
  | {
      type: 'enum';
      values: Array<string>;
      key: string;
      label: string;
      default?: string;
      description?: string;
    }
  | {
      type: 'frame' | 'job';
      key: string;
      label: string;
      description?: string;
    }
  | {
      type: 'frames';
      key: string;
      label: string;
      default?: string;
      description?: string;
    };

export type OperatorResult = {
  /** A sentence that says what was done. */
  text: string;
  /** A sentence that says how to take it back. */
  undo?: string;
  data?: Record<string, string | number | boolean | null>;
};

export type Frame = {
  frame: number;
  state: 'rendering' | 'failed' | 'waiting' | 'done' | 'skipped';
  /** Number of attempts so far. */
  attempts: number;
  /** Why the last attempt failed, in words. */
  reason: null | string;
  /** What was wrong then. */
  failure:
    | null
    | 'output'
    | 'camera'
    | 'scene'
    | 'device'
    | 'render'
    | 'crash'
    | 'timeout'
    | 'memory'
    | 'image'
    | 'images-in-the-way'
    | 'program'
    | 'newer'
    | 'outside'
    | 'too-many';
  /** Absolute path of the image (the first of several), once it exists. */
  file: null | string;
  /** Absolute paths of all the frame's files, `file` first. */
  files: Array<string>;
  /** Why the image is suspicious, in words. */
  suspicion: null | string;
  /** Slot of the current or last worker. */
  slot: null | number;
  /** Name of the machine of the farm that it is, or was, on; null for the host's own. */
  machine: null | string;
  /** Peak memory of its worker, in bytes. */
  peakBytes: null | number;
  /** Render time in the worker, in seconds. */
  seconds: null | number;
  /** When it was written, milliseconds since 1970. */
  writtenAt: null | number;
};

export type Job = {
  /** Earliest start, milliseconds since 1970; null for now. Older versions took any number. */
  startAt: null | number;
  /** Why a queued job cannot start now, in words; null when it only waits for its turn. */
  waitsFor: null | string;
  /** Warnings about its images, a sentence each: missing textures, a movie rendered as stills. */
  warnings: Array<string>;
  /** Frames with a suspicious image: empty, or rendered unusually fast. */
  suspicious: number;
  /** Names of the machines of the farm that have had frames of it. */
  machines: Array<string>;
  createdAt: number;
  startedAt: null | number;
  finishedAt: null | number;
  frames: {
    total: number;
    waiting: number;
    rendering: number;
    done: number;
    failed: number;
    skipped: number;
  };
  /** The frame that this job wrote last. */
  lastFrame: null | number;
  /** Average over the most recent frames; null before there are two. */
  framesPerMinute: null | number;
  /** Median estimate of the seconds until the job is done, counted from its turn; null until there is one. */
  secondsLeft: null | number;
  /** 90th percentile of the same estimate. */
  secondsLeftP90: null | number;
  /** Higher first; equal ones in queue order. */
  priority: number;
  /** Dependencies: jobs that must complete before this one starts. */
  after: Array<number>;
  id: number;
  /** The scene's name, unless it was given another. */
  name: string;
  /** What people have written down about it; empty for nothing. */
  note: string;
  engine: string;
  settings: {
    scene: string;
    frames: string;
    width: number;
    height: number;
    samples: number;
    /** null: the scene's first camera, or a camera that frames the scene. */
    camera: null | string;
    fps: number;
    /** Absolute output pattern. */
    output: string;
    /** The output pattern that `output` is a new version of; null where no version was asked for. */
    versionOf: null | string;
    overwrite: boolean;
    keepExisting: boolean;
    preview: boolean;
    /** null: limited by the preferences only. */
    workers: null | number;
    tags: Array<string>;
    blockedMachines: Array<string>;
    maxMachines: null | number;
    /** Id of the engine's installation; null for the default one. */
    installation: null | string;
    /** null: the file's active scene. */
    sceneName: null | string;
    /** null: the engine's default. */
    animations: null | Array<string>;
    /** null: as set in the scene. */
    transparent: null | boolean;
    /** null: as set in the file and in Blender's preferences. */
    device: null | 'cpu' | 'gpu' | 'cuda' | 'optix' | 'hip' | 'oneapi' | 'metal';
    /** null: as set in the scene. */
    renderEngine: null | string;
    format: 'png' | 'jpeg' | 'exr' | 'exr-multilayer' | 'webp' | 'tiff' | 'bmp' | 'targa' | 'hdr' | 'jpeg2000';
    /** Suffixes of each frame's views (`_L` and `_R` of a stereo scene); otherwise a single empty one. */
    views: Array<string>;
    /** Pixels of the image files, where the scene crops them or puts two views into one; null: `width` and `height`. */
    imageSize: null | {
      width: number;
      height: number;
    };
    /** Name of the scene's view transform on an sRGB display when the job was planned; null where unknown. */
    viewTransform: null | string;
    allowScripts: boolean;
    factoryStartup: boolean;
    order: string;
    attempts: number;
    failureShare: number;
  };
  state: 'queued' | 'rendering' | 'paused' | 'completed' | 'failed' | 'cancelled';
  /** Why it failed, was cancelled or paused, or a problem of a completed job, in words. */
  reason: null | string;
  /** What was wrong, where it failed. */
  failure:
    | null
    | 'output'
    | 'camera'
    | 'scene'
    | 'device'
    | 'render'
    | 'crash'
    | 'timeout'
    | 'memory'
    | 'image'
    | 'images-in-the-way'
    | 'program'
    | 'newer'
    | 'outside'
    | 'too-many';
  /** Position in the queue, ascending. */
  position: number;
};

export type JobChanges = {
  /** Output path with Blender's `####` for the frame number; `//` at its start is the scene's folder. */
  output?: string;
  /** An engine by its id in `engines.list` (`blender-4.2.0`), or `blender` for the default one. */
  engine?: string;
  /** What it is called; omitted: as its scene. */
  name?: string;
  format?: 'png' | 'jpeg' | 'exr' | 'exr-multilayer' | 'webp' | 'tiff' | 'bmp' | 'targa' | 'hdr' | 'jpeg2000';
  fps?: number;
  width?: number;
  height?: number;
  samples?: number;
  /** Names of a glTF's animations to play together; omitted: all of them. */
  animations?: Array<string>;
  /** Scales the image size, like Blender's Resolution %. */
  percentage?: number;
  /** Name of a camera of the scene. */
  camera?: string;
  renderEngine?: string;
  /** Frame range as `1-48` or `1,5,9-12`. */
  frames?: string;
  note?: string;
  /** Render frames again even if their image exists. */
  overwrite?: boolean;
  /** Adopt existing complete images of the right size as this job's, whoever made them. */
  keepExisting?: boolean;
  /** A quick preview of a frame: written to the host's own preview file, replacing the previous one, never among a job's
   * images. */
  preview?: boolean;
  /** Maximum number of workers that this job may use at once. */
  workers?: number;
  /** Tags that a machine of the farm must have to render it, all of them. */
  tags?: Array<string>;
  /** Names of machines of the farm that get none of its frames; `manager` is the manager's own. */
  blockedMachines?: Array<string>;
  /** Maximum number of machines that render it at once; null for no such limit. */
  maxMachines?: null | number;
  /** Scene of the file to render; a .blend may hold several. */
  sceneName?: string;
  /** Transparent background (glTF; Blender's Film → Transparent); omitted: as set in the scene. */
  transparent?: boolean;
  /** Device for Cycles; omitted: as set in the file and in Blender's preferences. */
  device?: 'cpu' | 'gpu' | 'cuda' | 'optix' | 'hip' | 'oneapi' | 'metal';
  /** Allow scripts embedded in the file to run. */
  allowScripts?: boolean;
  /** Start Blender without the user's own settings and add-ons. */
  factoryStartup?: boolean;
  order?: string;
  /** Maximum attempts to render a frame before it is given up. */
  attempts?: number;
  /** The job fails when more than this share of its frames has failed, 0 to 1. */
  failureShare?: number;
  startAt?: null | number;
  priority?: number;
  after?: Array<number>;
  /** If images are in the way, render to a new folder or name with `v002`, `v003`, … */
  newVersion?: boolean;
};

export type JobRequest = {
  /** Absolute path of the scene file. */
  scene: string;
  /** Frame range as `1-48` or `1,5,9-12`. */
  frames?: string;
  width?: number;
  height?: number;
  samples?: number;
  /** Name of a camera of the scene. */
  camera?: string;
  fps?: number;
  /** Output path with Blender's `####` for the frame number; `//` at its start is the scene's folder. */
  output?: string;
  /** Render frames again even if their image exists. */
  overwrite?: boolean;
  /** Adopt existing complete images of the right size as this job's, whoever made them. */
  keepExisting?: boolean;
  /** If images are in the way, render to a new folder or name with `v002`, `v003`, … */
  newVersion?: boolean;
  /** A quick preview of a frame: written to the host's own preview file, replacing the previous one, never among a job's
   * images. */
  preview?: boolean;
  /** Maximum number of workers that this job may use at once. */
  workers?: number;
  /** Tags that a machine of the farm must have to render it, all of them. */
  tags?: Array<string>;
  /** Names of machines of the farm that get none of its frames; `manager` is the manager's own. */
  blockedMachines?: Array<string>;
  /** Maximum number of machines that render it at once; null for no such limit. */
  maxMachines?: null | number;
  /** An engine by its id in `engines.list` (`blender-4.2.0`), or `blender` for the default one. */
  engine?: string;
  /** Scene of the file to render; a .blend may hold several. */
  sceneName?: string;
  /** Names of a glTF's animations to play together; omitted: all of them. */
  animations?: Array<string>;
  /** Transparent background (glTF; Blender's Film → Transparent); omitted: as set in the scene. */
  transparent?: boolean;
  /** Device for Cycles; omitted: as set in the file and in Blender's preferences. */
  device?: 'cpu' | 'gpu' | 'cuda' | 'optix' | 'hip' | 'oneapi' | 'metal';
  renderEngine?: string;
  format?: 'png' | 'jpeg' | 'exr' | 'exr-multilayer' | 'webp' | 'tiff' | 'bmp' | 'targa' | 'hdr' | 'jpeg2000';
  /** Scales the image size, like Blender's Resolution %. */
  percentage?: number;
  /** Allow scripts embedded in the file to run. */
  allowScripts?: boolean;
  /** Start Blender without the user's own settings and add-ons. */
  factoryStartup?: boolean;
  order?: string;
  /** Maximum attempts to render a frame before it is given up. */
  attempts?: number;
  /** The job fails when more than this share of its frames has failed, 0 to 1. */
  failureShare?: number;
  priority?: number;
  after?: Array<number>;
  startAt?: null | number;
  /** What it is called; omitted: as its scene. */
  name?: string;
  note?: string;
};

export type QueueInfo = {
  state: 'paused' | 'running' | 'after-frame' | 'after-job';
  /** Why it is paused, in words; null when it runs or the user paused it. */
  reason: null | string;
  /** Median estimate of the seconds until every queued job is done; null until there is one. */
  secondsLeft: null | number;
  /** 90th percentile of the same estimate. */
  secondsLeftP90: null | number;
};

/** `ctx.metrics`: the add-on's own metrics; they disappear from the exposition when it is disabled. */
export interface AddonMetrics extends MetricRegistry {
  /**
   * Creates another registry.
   *
   * @param options.served whether the host's metrics include it (true). Where not, its names may be those of other
   * metrics. A metric that several served registries have is served once.
   */
  createRegistry(options?: { readonly served?: boolean }): MetricRegistry & {
    /** Removes the registry with everything in it. */
    dispose(): void;
  };
  /**
   * Adds families that are computed at every collection, for values that are already known elsewhere and need not be
   * counted twice. A source that fails is left out and logged. A {@link MetricFactory.collector} tells of clashes early.
   *
   * @param families receives a snapshot of the host taken at that moment
   * @returns a function that removes the source
   */
  source(families: (snapshot: AppSnapshot) => readonly MetricFamily[] | Promise<readonly MetricFamily[]>): () => void;
  /**
   * This add-on's families plus, gathered by the host, those of the host, the workers and the other add-ons. The
   * values include every event that the host sent before the answer.
   */
  collect(): Promise<CollectedFamily[]>;
  /**
   * Parses another program's metrics strictly, so that a collector or a source can pass them on.
   *
   * @param text at most 16 million characters; untrusted
   * @param format of the text, `text` (0.0.4) by default
   * @returns families as a collector returns them
   * @throws Error that names the first line that is wrong, and why
   */
  parse(text: string, format?: 'text' | 'openmetrics'): MetricFamily[];
  /**
   * One set of metrics for the add-on and the processes and threads that it starts.
   *
   * @param options.keepEnded ended workers of which a gauge of mode `all` keeps its series (20); those of earlier ones
   * are dropped, so that they do not become more and more
   */
  processes(options?: { readonly keepEnded?: number }): ProcessMetrics;
  /**
   * Wraps a function so that the duration of each call is measured, whether it returns or throws; of an async one until
   * its promise settles. `this`, arguments, result and error are the function's own.
   */
  time<F extends (...args: never[]) => unknown>(target: DurationTarget, run: F): F;
  /** Wraps a function so that a gauge counts the calls that are running. */
  trackInProgress<F extends (...args: never[]) => unknown>(gauge: { inc(): void; dec(): void }, run: F): F;
  /**
   * Wraps a function so that each call that throws or rejects is counted, once. The error goes on to the caller.
   *
   * @param options.only counts only the errors for which it returns true
   */
  countExceptions<F extends (...args: never[]) => unknown>(
    counter: { inc(): void },
    run: F,
    options?: { readonly only?: (error: unknown) => boolean },
  ): F;
}

/** A metric that a registry takes: one of prom-client's, or an info, enum or stateset of this API. */
export type AnyMetric = Counter | Gauge | Histogram | Summary | InfoMetric | EnumMetric | StateSetMetric;

/** A process or thread of the add-on's: what child_process.fork and `new Worker` return. */
export interface AttachableWorker {
  /** Of a child process. */
  readonly pid?: number | undefined;
  readonly connected?: boolean;
  /** Of a thread. */
  readonly threadId?: number;
  on(event: string, listener: (message: unknown) => void): unknown;
  off(event: string, listener: (message: unknown) => void): unknown;
}

/** Takes a duration in seconds: a histogram, a summary, a gauge, or one of them with labels, as `.labels()` returns it. */
export type DurationTarget = { observe(seconds: number): void } | { set(seconds: number): void };

/** Which one of several states something is in. client_python calls it Enum; OpenMetrics' type is `stateset`. */
export interface EnumMetric<L extends string = string, S extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'stateset';
  readonly labelNames: readonly L[];
  /** Changes the state. Without labels it starts in the first one. @throws Error where it is none of the declared ones */
  state(state: S): void;
  state(labels: LabelValues<L>, state: S): void;
  remove(labels: LabelValues<L>): void;
  reset(): void;
  get(): Promise<MetricFamily>;
}

/** What a collector is going to return. */
export interface FamilyDescription {
  readonly name: string;
  readonly type: MetricFamily['type'];
}

/** A gauge's value: a number, null for none at the moment, or a list of label sets with their values. */
export type GaugeReading<L extends string = string> = number | null | Iterable<readonly [LabelValues<L>, number]>;

/** Facts that do not change, or seldom, such as versions: a series with value 1 that has them as labels. */
export interface InfoMetric<L extends string = string> {
  /** Without the `_info` that its series' name ends in. */
  readonly name: string;
  readonly help: string;
  readonly type: 'info';
  readonly labelNames: readonly L[];
  /** Replaces the facts. @throws Error where one cannot be a label */
  set(info: Readonly<Record<string, string | number>>): void;
  /** Replaces the facts about one label set. */
  set(labels: LabelValues<L>, info: Readonly<Record<string, string | number>>): void;
  remove(labels: LabelValues<L>): void;
  reset(): void;
  get(): Promise<MetricFamily>;
}

/** What every metric is declared with. */
export interface LabelledConfiguration<L extends string> {
  /** Letters, digits, `_` and `:`, with the add-on's own word first. */
  readonly name: string;
  /** What it counts or measures, in a few words. */
  readonly help: string;
  readonly labelNames?: readonly L[];
}

/** Values of the labels `L`. */
export type LabelValues<L extends string> = Partial<Record<L, string | number>>;

/** Families that are computed at every scrape, for values that something else keeps. */
export interface MetricCollector {
  /**
   * Names and types of everything that `collect` may return. Asked once, at registration, so that a name that is taken
   * is an error there and not a gap in the metrics later.
   */
  describe(): readonly FamilyDescription[];
  /** @param snapshot of the host, taken for this scrape */
  collect(snapshot: AppSnapshot): readonly MetricFamily[] | Promise<readonly MetricFamily[]>;
}

/**
 * Creates metrics, and adds them to a registry. Each throws an Error where the name is taken already, by a metric or by
 * a series of one, such as `x_count` of a histogram `x`.
 */
export interface MetricFactory {
  /** A value that only rises; its name ends in `_total`. With `enableExemplars`, `inc` takes an object with exemplars. */
  counter<L extends string = string>(configuration: Omit<CounterConfiguration<L>, 'registers'>): Counter<L>;
  /**
   * A value that rises and falls.
   *
   * @param configuration.value called at every scrape for the gauge's value or values, which it then owns. If it throws,
   * the gauge is left out and the panel says why.
   */
  gauge<L extends string = string>(
    configuration: Omit<GaugeConfiguration<L>, 'registers'> & {
      readonly value?: () => GaugeReading<L> | Promise<GaugeReading<L>>;
    },
  ): Gauge<L>;
  /** Observations counted in buckets. With `enableExemplars`, `observe` takes an object with exemplars. */
  histogram<L extends string = string>(configuration: Omit<HistogramConfiguration<L>, 'registers'>): Histogram<L>;
  /**
   * The count and sum of observations, and quantiles (`percentiles`, 0 to 1) of the last `maxAgeSeconds`, or of all of
   * them without it. `percentiles: []` for none: quantiles cannot be added up over machines, a histogram's buckets can.
   */
  summary<L extends string = string>(configuration: Omit<SummaryConfiguration<L>, 'registers'>): Summary<L>;
  /** Facts as labels, see {@link InfoMetric}. In the text format a gauge named `…_info`. */
  info<L extends string = string>(configuration: LabelledConfiguration<L>): InfoMetric<L>;
  /** One of several states, see {@link EnumMetric}. In the text format a gauge per state. */
  enum<L extends string = string, S extends string = string>(
    configuration: StatesConfiguration<L, S>,
  ): EnumMetric<L, S>;
  /** Any of several states, see {@link StateSetMetric}. In the text format a gauge per state. */
  stateSet<L extends string = string, S extends string = string>(
    configuration: StatesConfiguration<L, S>,
  ): StateSetMetric<L, S>;
  /**
   * Adds families that are computed at every scrape. One that fails is left out and logged; a family that it did not
   * describe is left out, and the panel says so.
   *
   * @returns a function that removes it
   */
  collector(collector: MetricCollector): () => void;
  /** The same, with `prefix` before every name; prefixes of a namespace within a namespace are joined. */
  namespace(prefix: string): MetricFactory;
}

/** A set of metrics. */
export interface MetricRegistry extends MetricFactory {
  /** prom-client's registry, for libraries that take one. */
  readonly registry: Registry;
  /** Adds a metric that another registry may have too. @throws Error where its name is taken */
  add(metric: AnyMetric): void;
  /** Removes a metric, if it is in. */
  remove(metric: AnyMetric): void;
  /** Its families with their current values. */
  families(): Promise<CollectedFamily[]>;
  /** Its families in the text format 0.0.4 or in OpenMetrics 1.0.0, for an endpoint or a file of the add-on's own. */
  text(format?: 'text' | 'openmetrics'): Promise<string>;
}

/** Creates metrics that several processes have in common. Exemplars and quantiles are of one process and left out. */
export interface ProcessFactory {
  /** The sum over all processes, ended ones included. */
  counter<L extends string = string>(configuration: Omit<CounterConfiguration<L>, 'registers'>): Counter<L>;
  /** @param configuration.mode what becomes of the values of several processes, `all` by default */
  gauge<L extends string = string>(
    configuration: Omit<GaugeConfiguration<L>, 'registers'> & { readonly mode?: GaugeMode },
  ): Gauge<L>;
  /** Buckets, sum and count are those of all processes together, which must declare the same buckets. */
  histogram<L extends string = string>(configuration: Omit<HistogramConfiguration<L>, 'registers'>): Histogram<L>;
  /** Sum and count of all processes together. */
  summary<L extends string = string>(configuration: Omit<SummaryConfiguration<L>, 'registers'>): Summary<L>;
  /** The same, with `prefix` before every name. */
  namespace(prefix: string): ProcessFactory;
}

/** The metrics of all processes of an add-on as one. What is created here counts in the add-on's own process. */
export interface ProcessMetrics extends ProcessFactory {
  /**
   * URL of the module that a worker imports for its side; it exports `workerMetrics()`, which returns
   * {@link WorkerMetrics}. Hand it over as you hand over everything else, as an argument or as `workerData`.
   */
  readonly workerModule: string;
  /** Workers that are attached and have not ended. */
  readonly workers: number;
  /**
   * Takes the metrics of a worker until it ends. Its updates come over its own channel, beside the add-on's messages;
   * they are objects with the one key `framegaugeMetrics` more than `token` and `families`.
   *
   * @param options.name of the worker in gauges of mode `all`: its process id, and for a thread also its thread's. A
   * name that comes again is another worker.
   * @returns a function that lets go of it, as if it had ended
   * @throws Error where it has no channel, or another worker that runs has the name
   */
  attach(worker: AttachableWorker, options?: { readonly name?: string }): () => void;
}

/** Which of several states are on, each independent of the others, such as warnings. */
export interface StateSetMetric<L extends string = string, S extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'stateset';
  readonly labelNames: readonly L[];
  /** Switches a state on or off; all are off at the start. @throws Error where it is none of the declared ones */
  set(state: S, on: boolean): void;
  set(labels: LabelValues<L>, state: S, on: boolean): void;
  remove(labels: LabelValues<L>): void;
  reset(): void;
  get(): Promise<MetricFamily>;
}

export interface StatesConfiguration<L extends string, S extends string> extends LabelledConfiguration<L> {
  /** Every state that there is; each becomes a series, with the state in a label of the metric's own name. */
  readonly states: readonly S[];
}

/** What `workerMetrics()` returns in a worker. */
export interface WorkerMetrics extends ProcessFactory {
  /** Wraps a function so that its duration is measured, see {@link AddonMetrics.time}. */
  time: AddonMetrics['time'];
  /** Wraps a function so that a gauge counts the calls that are running, see {@link AddonMetrics.trackInProgress}. */
  trackInProgress: AddonMetrics['trackInProgress'];
  /** Wraps a function so that its exceptions are counted, see {@link AddonMetrics.countExceptions}. */
  countExceptions: AddonMetrics['countExceptions'];
  /** Sends what has changed now; settles once it was handed over. */
  flush(): Promise<void>;
}

/** Routes below `/addons/ID` of the control server. */
export interface AddonHttp {
  /**
   * Adds a route. Tokens, limits, problem documents, metrics and the OpenAPI document (`/addons/openapi.json`) come by
   * themselves. The longest path without parameters wins.
   *
   * @param path such as `/square/:n`
   * @returns a function that removes the route
   * @throws Error when the path, or a schema, cannot be used, or there are 50 routes
   */
  route(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    schema: HttpRouteSchema,
    handler: HttpHandler,
  ): () => void;
}

export interface HttpAnswer {
  /** From 200 to 599; 200 by default, 204 without a body. */
  readonly status?: number;
  /** By default `application/json` for values, `text/plain` for strings, `application/octet-stream` for bytes. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Bytes are sent as they are, a string as text unless the type is JSON, anything else as JSON. */
  readonly body?: unknown;
}

/**
 * Answers a request within ten seconds. An error with a `status` from 400 to 499 is answered with a problem document that
 * has its message; any other is logged and answered with 500.
 */
export type HttpHandler = (request: HttpRequest) => HttpAnswer | void | Promise<HttpAnswer | void>;

/** A request that fits its route's schemas. */
export interface HttpRequest {
  readonly method: string;
  /** `/addons/ID/…`, without the query. */
  readonly path: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the schemas say
  readonly params: Readonly<Record<string, any>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the schemas say
  readonly query: Readonly<Record<string, any>>;
  /** `accept`, `accept-language`, `content-type`, `if-match`, `if-modified-since`, `if-none-match`, `user-agent`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text, or bytes, as the content type says; undefined where there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as the schema says
  readonly body: any;
  /** Of the token that the client sent. */
  readonly right: 'read' | 'control';
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What a route takes and answers, and who may ask. */
export interface HttpRouteSchema {
  /** `control` by default; `read` opens it to the token that may only look. Nothing is open to all. */
  readonly access?: 'read' | 'control';
  /** One sentence for the OpenAPI document. */
  readonly summary?: string;
  /** Of the parameters in the path. They are converted: with `{ type: 'integer' }`, `/square/7` has the number 7. */
  readonly params?: JsonSchema;
  /** Of the query; converted as the parameters are. Without it every query is let through, as text. */
  readonly query?: JsonSchema;
  /** Of a JSON body. */
  readonly body?: JsonSchema;
  /** Of a JSON answer, for the OpenAPI document; answers are not checked against it. */
  readonly answer?: JsonSchema;
  /** `false` leaves its requests out of the host's HTTP metrics. */
  readonly metrics?: boolean;
  /**
   * Further labels of its series in the host's HTTP metrics: the same text for every request, or a parameter of the path
   * or the query, which is counted as `other` where it is none of `values`. Five at most, of 100 combinations together.
   */
  readonly labels?: Readonly<
    Record<
      string,
      string | { readonly from: 'params' | 'query'; readonly name: string; readonly values: readonly string[] }
    >
  >;
}

/** A JSON schema (https://json-schema.org/draft-07), without references. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type LifecycleEvent = {
  name:
    | 'load_pre'
    | 'load_post'
    | 'load_post_fail'
    | 'render_init'
    | 'render_pre'
    | 'render_post'
    | 'render_write'
    | 'render_stats'
    | 'render_complete'
    | 'render_cancel'
    | 'job_queued'
    | 'job_state'
    | 'frame_failed'
    | 'worker_state'
    | 'queue_idle';
  /** Sequence number, counted from the host's start. */
  seq: number;
  /** Milliseconds since 1970. */
  time: number;
  job?: {
    id: number;
    name: string;
    state: string;
  };
  frame?: number;
  /** Absolute path of the scene file. */
  scene?: string;
  engine?: string;
  /** Slot of the worker. */
  worker?: number;
  /** Absolute path of the image (`render_write`). */
  file?: string;
  /** Render time of the frame, in seconds (`render_post`, `render_write`). */
  seconds?: number;
  /** In words (`render_cancel`, `frame_failed`, `load_post_fail`, `job_state`, `worker_state`). */
  reason?: string;
  /** Number of the attempt, from 1 (`render_pre`, `frame_failed`). */
  attempt?: number;
  /** New state of the worker (`worker_state`). */
  state?: string;
  /** Progress within the frame, in samples (`render_stats`). */
  sample?: number;
  samples?: number;
  /** The engine's estimate of the frame's remaining time, in seconds (`render_stats`). */
  secondsLeft?: number;
  /** The engine's reported memory use, in bytes (`render_stats`). */
  memoryBytes?: number;
};

export type LifecycleEventName =
  | 'load_pre'
  | 'load_post'
  | 'load_post_fail'
  | 'render_init'
  | 'render_pre'
  | 'render_post'
  | 'render_write'
  | 'render_stats'
  | 'render_complete'
  | 'render_cancel'
  | 'job_queued'
  | 'job_state'
  | 'frame_failed'
  | 'worker_state'
  | 'queue_idle';

/**
 * A handler is awaited before the next one runs, so that events stay in order. After 10 s the next one runs regardless.
 */
export type Handler = (event: LifecycleEvent) => void | Promise<void>;

/** One call of an operator. */
export interface OperatorCall {
  /** Every declared parameter, checked, with its default where none was given. */
  readonly parameters: Readonly<Record<string, PreferenceValue>>;
  /**
   * Aborted when a person cancels, and when the add-on is disabled. An operator that has not ended 10 s later takes the
   * add-on's whole process with it.
   */
  readonly signal: AbortSignal;
  /** Shows how far it is. @param progress from 0 to 1; null where that is not known @param text what it is doing */
  progress(progress: number | null, text?: string): void;
}

/** An action with a name that people run from a menu, the search, a key, the command line or over HTTP. */
export interface OperatorDeclaration {
  /** Unique within the add-on: lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** In the order of the form; each as in addon.json's preferences, with three more types. */
  readonly parameters?: readonly OperatorParameterDeclaration[];
  /** The menu that shows it under the add-on's name. */
  readonly menu?: 'render' | 'job' | 'window';
  /** The key that runs it, unless it has another use: `Ctrl+Shift+E`. */
  readonly key?: string;
  /** A question that the window asks before it runs. */
  readonly confirm?: string;
  /**
   * @returns a sentence that says what was done, perhaps with one that says how to take it back, and small data for
   * scripts; nothing for none
   * @throws Error whose message is a sentence for the person
   */
  run(call: OperatorCall): OperatorResult | string | void | Promise<OperatorResult | string | void>;
}

/** A panel of data in the window. */
export interface PanelDeclaration {
  /** Unique within the add-on: lower-case letters, digits and hyphens. */
  readonly id: string;
  /**
   * `properties`: below the properties; `job`: below the queue; `frame`: in the details of a frame; `status-bar`: labels,
   * values and buttons in one line; `statistics`: below the charts.
   */
  readonly place: 'properties' | 'job' | 'frame' | 'status-bar' | 'statistics';
  readonly title: string;
  /** Shows the panel only while this job is shown. */
  readonly job?: number;
  readonly elements?: readonly PanelElement[];
}

/** A panel that is shown. */
export interface ShownPanel {
  /**
   * Replaces what it shows, and its title where one is given. May be called on every change: people see it three times a
   * second at most.
   *
   * @throws Error naming what is wrong with it
   */
  update(elements: readonly PanelElement[], title?: string): void;
  remove(): void;
}

/** Returns the given module unchanged, so that editors and compilers check it against {@link AddonModule}. */
export declare function defineAddon(addon: AddonModule): AddonModule;
