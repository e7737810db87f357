import fastify from 'fastify';
import { expect, it, onTestFinished, vi } from 'vitest';
import { problemOf, sendProblem } from '../../../src/main/http/problem';
import { takeJson } from '../../../src/main/http/take-json';

it('refuses deep and endless JSON before it is parsed: a megabyte of brackets takes a second', async () => {
  const app = fastify();
  onTestFinished(() => app.close());
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, problemOf(error)!));
  takeJson(app);
  app.post('/', (request, reply) => void reply.send({ got: request.body }));
  const send = (payload: string) =>
    app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload });
  expect((await send('{"a":[1,"[[["]}')).json()).toEqual({ got: { a: [1, '[[['] } });
  const parse = vi.spyOn(JSON, 'parse');
  for (const json of ['['.repeat(500_000), '['.repeat(33), `[${'[],'.repeat(20_000)}[]]`, '{"a":'.repeat(100_000)]) {
    const answer = await send(json);
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('too many values, or they are nested too deep');
  }
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
  for (const json of ['[', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}'])
    expect((await send(json)).statusCode).toBe(400);
});
