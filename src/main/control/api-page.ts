import { createHash } from 'node:crypto';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly {
    name: string;
    in: string;
    required: boolean;
    description?: string;
    schema: Schema;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { schema?: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, { description: string; content?: Readonly<Record<string, { schema?: Schema }>> }>
  >;
}

interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { url: string }[];
  readonly tags: readonly { name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: 0; list-style: none; }
h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid #8886; }
details { border: 1px solid #8886; border-radius: 4px; margin: .4rem 0; padding: 0 .75rem; }
summary { cursor: pointer; padding: .45rem 0; }
summary b { display: inline-block; min-width: 4.2em; font-size: .85em; }
code, pre { font: .9em/1.45 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin: .25rem 0 1rem; }
td, th { text-align: left; vertical-align: top; padding: .2rem .75rem .2rem 0; border-top: 1px solid #8883; }
td:first-child { white-space: nowrap; }
h3 { margin: .75rem 0 .25rem; font-size: 1em; }
`;

const HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-cache',
};

/**
 * Renders an OpenAPI document as a readable page: no script and no external resources, so that it needs no permissions
 * at all.
 */
export function apiPage(openApi: object): {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const { info, servers, tags, paths, components } = openApi as Document;
  const base = servers[0]?.url ?? '';
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path: base + path,
      method: method.toUpperCase(),
      operation,
    })),
  );
  const sections = tags.map(
    ({ name }) =>
      `<h2 id="${escape(name)}">${escape(name)}</h2>${operations
        .filter(({ operation }) => operation.tags.includes(name))
        .map(operationHtml)
        .join('')}`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escape(name)}"><summary><code>${escape(name)}</code></summary>${schemaHtml(schema)}</details>`,
  );
  const links = [...tags.map(({ name }) => [name, name] as const), ['schemas', 'Schemas'] as const].map(
    ([id, name]) => `<li><a href="#${escape(id)}">${escape(name)}</a></li>`,
  );
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(info.title)} API</title><style>${STYLE}</style></head><body>
<h1>${escape(info.title)} API</h1><p>Version ${escape(info.version)}. ${escape(info.description)} The document itself: <a href="${escape(base)}/openapi.json">openapi.json</a>.</p>
<h3>An example</h3><pre>curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"scene": "/scenes/shot.glb", "frames": "1-48", "size": "1280x720"}' http://127.0.0.1:7878${escape(base)}/jobs</pre>
<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>
<main>${sections.join('\n')}<h2 id="schemas">Schemas</h2>${schemas.join('')}</main></body></html>
`;
  return { html, headers: HEADERS };
}

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { parameters = [], requestBody, responses } = operation;
  const rows = parameters.map((one) =>
    row(one.name, `${one.in}${one.required ? ', required' : ''}`, one.schema, one.description),
  );
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<h3>Body: ${escape(type)}</h3>${schema ? schemaHtml(schema) : ''}`,
  );
  const answers = Object.entries(responses).map(([status, { description, content }]) => {
    const [first] = Object.entries(content ?? {});
    return `<tr><td>${escape(status)}</td><td>${escape(description)}${first ? ` — ${first[1].schema ? typeHtml(first[1].schema) : escape(first[0])}` : ''}</td></tr>`;
  });
  return `<details id="${escape(operation.operationId)}"><summary><b>${escape(method)}</b> <code>${escape(path)}</code> ${escape(operation.summary)}</summary>
<p>${escape(operation.description ?? 'Needs no token.')}</p>${rows.length > 0 ? `<h3>Parameters</h3><table>${rows.join('')}</table>` : ''}${bodies.join('')}<h3>Answers</h3><table>${answers.join('')}</table></details>`;
}

function schemaHtml(schema: Schema): string {
  if (!schema.properties) return `<p>${typeHtml(schema)}</p>`;
  const rows = Object.entries(schema.properties).map(([name, one]) =>
    row(name, schema.required?.includes(name) ? 'required' : '', one, one.description),
  );
  return `<table>${rows.join('')}</table>`;
}

function row(name: string, note: string, schema: Schema, description: string | undefined): string {
  return `<tr><td><code>${escape(name)}</code></td><td>${typeHtml(schema)}${note === '' ? '' : ` (${escape(note)})`}${description === undefined ? '' : ` — ${escape(description)}`}</td></tr>`;
}

function typeHtml(schema: Schema): string {
  const parts = schema.anyOf ?? schema.oneOf;
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)!;
    return `<a href="#schema-${escape(name)}">${escape(name)}</a>`;
  }
  if (schema.const !== undefined) return `<code>${escape(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${escape(String(value))}</code>`).join(', ');
  if (parts) return parts.map(typeHtml).join(' or ');
  if (schema.items) return `list of ${typeHtml(schema.items)}`;
  if (schema.properties)
    return `{ ${Object.entries(schema.properties)
      .map(([name, one]) => `${escape(name)}: ${typeHtml(one)}`)
      .join(', ')} }`;
  const facts = [
    schema.default === undefined ? '' : `otherwise ${JSON.stringify(schema.default)}`,
    ...(['minimum', 'maximum'] as const).map((key) =>
      schema[key] === undefined || Math.abs(schema[key]) >= Number.MAX_SAFE_INTEGER ? '' : `${key} ${schema[key]}`,
    ),
  ].filter((fact) => fact !== '');
  return escape([schema.type ?? 'anything'].flat().join(' or ') + (facts.length > 0 ? `, ${facts.join(', ')}` : ''));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
