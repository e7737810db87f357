import type { PreferenceValues } from '../../shared/addons';
import type { SceneAccess } from '../scenes/scene-access';
import type { PageOpener } from './pages/page-opener';
import type { RenderEngine } from './render-engine';

/** What the host provides to its engines. */
export interface EngineContext {
  /** The host's current preferences, by their full keys. */
  readonly preferences: () => PreferenceValues;
  /** What scenes may refer to; read on every use. */
  readonly access: () => SceneAccess;
  /** How this shell opens pages. */
  readonly pages: PageOpener;
  /** Folder of the built program, which contains `renderer/` and `worker/`. */
  readonly built: string;
  /** URL of the control server, such as `http://127.0.0.1:7878`; available once a worker is started. */
  readonly baseUrl: () => string;
}

/** Creates an engine for a host; starts nothing before it is asked to. */
export type EngineFactory = (context: EngineContext) => RenderEngine;
