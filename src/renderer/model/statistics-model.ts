import {
  type FrameFailure,
  type FrameTime,
  MAX_FAILURES_KEPT,
  MAX_FRAME_TIMES_KEPT,
  MAX_SAMPLES_KEPT,
  type Statistics,
  type StatisticsSample,
} from '../../shared/statistics';

/** What the page knows of the host's statistics. Never changed in place. */
export interface StatisticsModel {
  /** What has been told since waits here while the whole is asked for; false when it is there. */
  readonly loading: boolean;
  readonly samples: readonly StatisticsSample[];
  readonly frameTimes: readonly FrameTime[];
  readonly failures: readonly FrameFailure[];
  /** By how much the host's clock is ahead of this page's, in milliseconds. */
  readonly ahead: number;
}

/** The whole is being asked for; what was known is shown meanwhile, unless it was nothing. */
export const AWAITED_STATISTICS: StatisticsModel = {
  loading: true,
  samples: [],
  frameTimes: [],
  failures: [],
  ahead: 0,
};

/** @param pageNow milliseconds since 1970 by this page's clock */
export function acceptStatistics(
  model: StatisticsModel | null,
  { now, samples, frameTimes, failures }: Statistics,
  pageNow: number,
): StatisticsModel {
  return {
    loading: false,
    samples: [...samples, ...newer(model?.loading ? model.samples : [], samples)],
    frameTimes: [...frameTimes, ...newer(model?.loading ? model.frameTimes : [], frameTimes)],
    failures: [...failures, ...newer(model?.loading ? model.failures : [], failures)],
    ahead: now - pageNow,
  };
}

/** Takes what the host told. */
export function addSample(
  model: StatisticsModel,
  sample: StatisticsSample,
  frameTimes: readonly FrameTime[],
  failures: readonly FrameFailure[],
): StatisticsModel {
  return {
    ...model,
    samples: [...model.samples, sample].slice(-MAX_SAMPLES_KEPT),
    frameTimes: [...model.frameTimes, ...frameTimes].slice(-MAX_FRAME_TIMES_KEPT),
    failures: [...model.failures, ...failures].slice(-MAX_FAILURES_KEPT),
  };
}

/** What was told while the list was on its way, and is not in it. */
function newer<T extends { readonly time: number }>(told: readonly T[], list: readonly T[]): T[] {
  const last = list.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  return told.filter((item) => item.time > last);
}
