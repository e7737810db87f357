import { describe, expect, it } from 'vitest';
import { isStatsLine, parseStats } from '../../../../src/main/engines/blender/render-stats';

describe('what Blender prints while it renders', () => {
  it('tells samples, time left and memory of Cycles', () => {
    const line =
      'Fra:1 Mem:10.13M (Peak 10.83M) | Time:00:00.09 | Remaining:01:02.50 | Mem:0.98M, Peak:0.98M | Scene, ViewLayer | Sample 1/4';
    expect(isStatsLine(line)).toBe(true);
    expect(parseStats(line)).toEqual({
      sample: 1,
      samples: 4,
      secondsLeft: 62.5,
      memoryBytes: Math.round(10.13 * 2 ** 20),
    });
    expect(parseStats('Fra:12 Mem:1.50G (Peak 2G) | Remaining:01:00:00.00 | Sample 3/8')).toMatchObject({
      secondsLeft: 3600,
      memoryBytes: 1.5 * 2 ** 30,
    });
  });

  it('tells samples of EEVEE', () => {
    expect(parseStats('Fra:1 Mem:42.40M (Peak 43.51M) | Time:00:13.17 | Rendering 26 / 64 samples')).toMatchObject({
      sample: 26,
      samples: 64,
    });
  });

  it('counts the samples of tiles together', () => {
    expect(parseStats('Fra:1 Mem:1M | Rendered 1/4 Tiles, Sample 8/16')).toMatchObject({ sample: 6, samples: 16 });
    expect(parseStats('Fra:1 Mem:1M | Rendered 4/4 Tiles, Sample 16/16')).toMatchObject({ sample: 16, samples: 16 });
    expect(parseStats('Fra:1 Mem:1M | Rendered 0/1 Tiles, Sample 3/16')).toMatchObject({ sample: 3, samples: 16 });
  });

  it('knows the newer form', () => {
    const line = '00:00.100  render           | Fra: 1 | Mem: 10M | Sample 8/16';
    expect(isStatsLine(line)).toBe(true);
    expect(parseStats(line)).toEqual({ sample: 8, samples: 16, memoryBytes: 10 * 2 ** 20 });
  });

  it('takes nothing else for progress', () => {
    expect(isStatsLine("Saved: '/tmp/Fra:1.png'")).toBe(false);
    expect(isStatsLine('Frame:1')).toBe(false);
    expect(parseStats('Fra:1 Mem:42.39M (Peak 43.51M) | Time:00:01.10 | Syncing Cube')).toBeNull();
    expect(parseStats('Sample 0/0')).toBeNull();
  });
});
