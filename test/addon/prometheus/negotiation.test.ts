import { expect, test } from 'vitest';
import { acceptsGzip, chooseFormat } from '../../../src/addon/prometheus/negotiation';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

test.each([
  [undefined, TEXT],
  ['', TEXT],
  ['*/*', TEXT],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', TEXT],
  ['text/plain', TEXT],
  ['text/plain;version=0.0.4', TEXT],
  ['application/json', TEXT],
  [';;;,,q=,=', TEXT],
  ['application/openmetrics-text', OPEN],
  ['application/openmetrics-text;version=1.0.0', OPEN],
  ['Application/OpenMetrics-Text; Version="1.0.0"', OPEN],
  ['application/openmetrics-text;version=0.0.1', 'application/openmetrics-text; version=0.0.1; charset=utf-8'],
  ['application/openmetrics-text;version=9.9.9', TEXT],
  ['application/openmetrics-text;q=0', TEXT],
  ['application/openmetrics-text;q=2', TEXT],
  ['application/openmetrics-text;q=0.3,text/plain;q=0.5', TEXT],
  ['text/plain;q=0.5,application/openmetrics-text;q=0.6', OPEN],
  ['text/plain;version=1.0.0', 'text/plain; version=1.0.0; charset=utf-8'],
  // Prometheus 2.42
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    OPEN,
  ],
  // Prometheus 3
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
  ],
  // Prometheus that asks for protobuf first
  [
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.8,text/plain;version=1.0.0;escaping=dots;q=0.7',
    'text/plain; version=1.0.0; charset=utf-8; escaping=underscores',
  ],
])('Accept: %s', (accept, contentType) => {
  expect(chooseFormat(accept).contentType).toBe(contentType);
  expect(chooseFormat(accept).format).toBe(contentType.startsWith('text/') ? 'text' : 'openmetrics');
});

test.each([
  [undefined, false],
  ['', false],
  ['identity', false],
  ['gzip', true],
  ['GZIP', true],
  ['deflate, gzip;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip;q=0.0, *', false],
  ['*', true],
  ['*;q=0', false],
  ['br', false],
])('Accept-Encoding: %s', (header, expected) => {
  expect(acceptsGzip(header)).toBe(expected);
});
