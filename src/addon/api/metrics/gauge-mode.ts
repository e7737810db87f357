/**
 * How the gauges of several processes become one, by the names that client_python gives them
 * (https://prometheus.github.io/client_python/multiprocess/). Those that begin with `live` leave out the processes that
 * have ended.
 */
export const GAUGE_MODES = [
  'all',
  'liveall',
  'sum',
  'livesum',
  'max',
  'livemax',
  'min',
  'livemin',
  'mostrecent',
  'livemostrecent',
] as const;
export type GaugeMode = (typeof GAUGE_MODES)[number];

/** What a mode does with the values of several processes. */
export type GaugeFold = 'all' | 'sum' | 'max' | 'min' | 'mostrecent';

export const foldOf = (mode: GaugeMode): GaugeFold => mode.replace(/^live/, '') as GaugeFold;
export const isLive = (mode: GaugeMode): boolean => mode.startsWith('live');
