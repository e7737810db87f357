import { isDeepStrictEqual } from 'node:util';
import type { EngineId, SceneInfo } from '../../shared/scene';
import { messageOf } from '../../shared/user-error';
import type { EngineRegistry } from '../engines/engine-registry';
import type { Lifecycle } from '../events/lifecycle';
import { stampAt } from '../engines/file-stamp';
import { typedPath } from './typed-path';
import { watchSceneFile } from './watch-scene-file';

export interface CurrentSceneOptions {
  readonly engines: Pick<EngineRegistry, 'get' | 'inspect'>;
  readonly lifecycle: Pick<Lifecycle, 'emit'>;
  /** Another scene was opened, or more is known about the open one. */
  readonly onChange: (scene: SceneInfo) => void;
  /** The open scene's file has changed since it was read, or was read again. */
  readonly onFileChange: (changed: boolean) => void;
  /** Stores the path for the next start. Never rejects. */
  readonly remember: (path: string) => Promise<void>;
}

/** Scenes to open at the start: `given`, else `last`; `first` if neither is set or that one can't be opened. */
export interface StartScenes {
  /** Requested by the user; null for none. */
  readonly given: string | null;
  /** Open when the last host ended; null for none. */
  readonly last: string | null;
  /** Default for a user who has not opened any; null for none. */
  readonly first: string | null;
}

/** The scene that is open in the host. */
export interface CurrentScene {
  /** Null until one is opened. */
  get(): SceneInfo | null;
  /** Whether the open scene's file has changed since it was read. */
  fileChanged(): boolean;
  /**
   * Opens another scene and announces it; if it can't be read, the open one stays.
   *
   * @param path absolute
   * @throws UserError when it can't be read
   */
  open(path: string): Promise<SceneInfo>;
  /** Opens the first of these that can be opened. @param notify called with the reason if one can't */
  openFirst(scenes: StartScenes, notify: (level: 'warning' | 'error', text: string) => void): Promise<void>;
  /** A scene's file was inspected again: updates what is shown if it is the open scene. Does not load a scene. */
  inspected(scene: SceneInfo): void;
  /** Inspects the open scene again if it is one of these engines'. Never rejects. */
  inspectAgain(engines: readonly EngineId[]): Promise<void>;
  /** Stops watching the file. */
  close(): void;
}

export function createCurrentScene({
  engines,
  lifecycle,
  onChange,
  onFileChange,
  remember,
}: CurrentSceneOptions): CurrentScene {
  const file = watchSceneFile(onFileChange);
  let scene: SceneInfo | null = null;

  async function open(path: string): Promise<SceneInfo> {
    let opened: SceneInfo;
    const stamp = await stampAt(path);
    try {
      opened = await engines.inspect(path);
    } catch (error) {
      // A scene that can't be read drops no handlers and leaves the open one unchanged.
      lifecycle.emit('load_post_fail', { scene: path, reason: messageOf(error) });
      throw error;
    }
    lifecycle.emit('load_pre', { scene: opened.path, engine: opened.engine });
    scene = opened;
    file.wasRead(path, stamp);
    onChange(scene);
    lifecycle.emit('load_post', { scene: opened.path, engine: opened.engine });
    await remember(opened.path);
    return opened;
  }

  function inspected(seen: SceneInfo): void {
    if (scene?.path !== seen.path) return;
    void stampAt(seen.path).then((stamp) => scene?.path === seen.path && file.wasRead(seen.path, stamp));
    if (isDeepStrictEqual(scene, seen)) return;
    scene = seen;
    onChange(scene);
  }

  return {
    get: () => scene,
    fileChanged: file.changed,
    close: file.close,
    open,
    async openFirst({ given, last, first }, notify) {
      const wanted = given ?? last;
      const wrong = wanted === null ? null : await problemOf(async () => open(typedPath(wanted)));
      if (wanted !== null && wrong === null) return;
      const wrongFirst = first === null ? null : await problemOf(async () => open(first));
      // Only now: a scene that is opened settles what was wrong with the one before.
      if (wrong !== null) notify(given === null ? 'warning' : 'error', wrong);
      if (wrongFirst !== null) notify('error', wrongFirst);
    },
    inspected,
    async inspectAgain(ids) {
      const before = scene;
      if (before === null || !ids.includes(before.engine)) return;
      const seen = await engines.inspect(before.path).catch(() => null);
      if (seen && scene === before) inspected(seen);
    },
  };
}

/** @returns the sentence that it fails with; null when it succeeds */
async function problemOf(step: () => Promise<unknown>): Promise<string | null> {
  try {
    await step();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
