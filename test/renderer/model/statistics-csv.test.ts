import { describe, expect, it } from 'vitest';
import { csvText } from '../../../src/renderer/model/csv';
import { statisticsCsv } from '../../../src/renderer/model/statistics-csv';
import { sampleStatistics } from '../../helpers/samples';

describe('a CSV file', () => {
  it('quotes what must be quoted, ends records with CR LF, and leaves out what is not known', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x,y', 'say "no"'],
          ['two\nlines', null],
          [1.5, Number.NaN],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""no"""\r\n"two\nlines",\r\n1.5,\r\n');
  });

  it('has no text that a spreadsheet would calculate, and keeps negative numbers', () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'a=1'];
    expect(
      csvText(['x'], [...texts.map((text) => [text]), [-1]])
        .split('\r\n')
        .slice(1),
    ).toEqual(["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", '"\'\r=1"', 'a=1', '-1', '']);
  });
});

it('has samples, frames and failures in the order of time, with units', () => {
  const csv = statisticsCsv({
    samples: [
      sampleStatistics({ time: 1_000, workers: [{ slot: 3, residentBytes: 5, processor: 0.1234, job: 1 }] }),
      sampleStatistics({ time: 5_000, processor: null, framesPerMinute: null, disks: [] }),
    ],
    frameTimes: [{ time: 3_000, seconds: 1.25, job: 1, frame: 12, slot: 3 }],
    failures: [{ time: 2_000, job: 9, frame: 13, slot: 3, attempt: 2, reason: 'Crashed, twice' }],
    jobName: (id) => (id === 1 ? 'film' : ''),
  });
  expect(csv.split('\r\n')).toEqual([
    'Time (UTC),Record,Frames per minute,Frames left,Workers rendering,Processor (%),Worker 3 memory (bytes),Worker 3 processor (%),Free on / (bytes),Job,Job name,Frame,Worker,Frame time (s),Attempt,Reason',
    '1970-01-01T00:00:01.000Z,sample,12,30,2,50,5,12.3,40000000000,,,,,,,',
    '1970-01-01T00:00:02.000Z,failure,,,,,,,,9,,13,3,,2,"Crashed, twice"',
    '1970-01-01T00:00:03.000Z,frame,,,,,,,,1,film,12,3,1.25,,',
    '1970-01-01T00:00:05.000Z,sample,,30,2,,,,,,,,,,,',
    '',
  ]);
});
