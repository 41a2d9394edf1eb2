import type { Operation, Parameter } from '../open-api.ts';

/** One example of an operation as a command to try. `name`: the example's. */
export function curlOf(
  at: { method: string; path: string; server: string },
  operation: Operation,
  name: string,
): string {
  const { parameters = [], requestBody } = operation;
  const given = ({ examples }: Parameter) => examples?.[name]?.value;
  let path = at.path;
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    const value = given(parameter);
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, String(value));
    else if (parameter.in === 'query' && value !== undefined) query.set(parameter.name, String(value));
  }
  const address = `${at.server}${path}${query.size > 0 ? `?${query}` : ''}`;
  const parts = [`curl ${quoted(address)}`, '-H "Authorization: Bearer $MALIPO_KEY"'];
  if (at.method === 'post') {
    const body = requestBody?.content['application/json']?.examples?.[name]?.value ?? {};
    parts.push(
      '-H "Idempotency-Key: $(uuidgen)"',
      "-H 'Content-Type: application/json'",
      `-d ${quoted(JSON.stringify(body))}`,
    );
  }
  return parts.join(' \\\n  ');
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
