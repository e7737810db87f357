import { describe, expect, it } from 'vitest';
import { createRouteTable } from '../../../src/main/addons/route-table';
import { type AddonRoute, HTTP_LIMITS, routePathSchema, schemaProblem } from '../../../src/shared/addon-http';

let key = 0;
const route = (method: AddonRoute['method'], path: string): AddonRoute => ({
  key: ++key,
  method,
  path,
  access: 'read',
  summary: '',
  metrics: true,
  labels: {},
  schemas: '{}',
});

describe('the routes of an add-on', () => {
  it('are found by method and path, words before parameters', () => {
    const table = createRouteTable();
    const [any, word, post] = [route('GET', '/shot/:name'), route('GET', '/shot/first'), route('POST', '/shot/:name')];
    for (const one of [any, word, post]) table.add(one);
    expect(table.find('GET', '/shot/first')).toEqual({ route: word, params: {} });
    expect(table.find('HEAD', '/shot/b%20c%2Fd')).toEqual({ route: any, params: { name: 'b c/d' } });
    expect(table.find('POST', '/shot/first')).toEqual({ route: post, params: { name: 'first' } });
    expect(table.find('DELETE', '/shot/first')).toEqual(['GET', 'POST']);
    for (const path of ['/shot', '/shot/', '/shot/a/b', '/', '', '/shot/%E0%A4%A'])
      expect(table.find('GET', path), path).toEqual([]);
  });

  it('replace one another, have a limit, and are gone at once', () => {
    const table = createRouteTable();
    const second = route('GET', '/');
    table.add(route('GET', '/'));
    table.add(second);
    expect(table.list()).toEqual([second]);
    table.remove(second.key);
    expect(table.list()).toEqual([]);
    for (let n = 0; n < HTTP_LIMITS.routes + 5; n++) table.add(route('GET', `/r${n}`));
    expect(table.list()).toHaveLength(HTTP_LIMITS.routes);
    table.close();
    table.add(route('GET', '/late'));
    expect(table.list()).toEqual([]);
  });

  it.each(['square', '/a//b', '/a/', '/:1', '/../x', '/a b', '/%2e', '/a?b', '/*', `/${'a/'.repeat(10)}b`])(
    'cannot have the path %s',
    (path) => expect(routePathSchema.safeParse(path).success).toBe(false),
  );
});

describe('a schema of a route', () => {
  it('has no references, and is no deeper than the limit', () => {
    expect(schemaProblem({ type: 'object', properties: { $ref: { type: 'string' }, id: {} } })).toBeNull();
    expect(schemaProblem({ $ref: 'http://intranet/' })).toContain('$ref');
    expect(schemaProblem({ items: [{ $id: 'x' }] })).toContain('$id');
    expect(schemaProblem('string')).toBe('a schema is an object');
    let deep: object = {};
    for (let n = 0; n < 20; n++) deep = { items: deep };
    expect(schemaProblem(deep)).toContain('nested');
  });
});
