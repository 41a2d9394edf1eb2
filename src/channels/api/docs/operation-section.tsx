import type { Operation } from '../open-api.ts';
import { curlOf } from './curl-of.ts';
import { Code, Json, Prose } from './prose.tsx';
import { ParameterTable } from './schema-table.tsx';

interface OperationProps {
  method: string;
  path: string;
  operation: Operation;
  server: string;
}

/** One endpoint: what it does, what it takes, what comes back, and how to try it. */
export function OperationSection({ method, path, operation, server }: OperationProps) {
  const { operationId, summary, description = '', parameters = [], requestBody } = operation;
  return (
    <section class="card" id={operationId} aria-labelledby={`${operationId}-title`}>
      <h3 id={`${operationId}-title`}>{summary}</h3>
      <p class="address">
        <code class={`method ${method}`}>{method.toUpperCase()}</code> <code>{path}</code>
      </p>
      <p>
        <Prose text={description} />
      </p>
      {parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <ParameterTable of={operationId} parameters={parameters} />
        </>
      )}
      {requestBody && (
        <p>
          Body: <SchemaLink schema={requestBody.content['application/json']?.schema} />
        </p>
      )}
      <h4>Answers</h4>
      <dl class="answers">
        {Object.entries(operation.responses).map(([status, { description: about, content }]) => (
          <div key={status}>
            <dt>{status}</dt>
            <dd>
              <Prose text={about} />
              {status < '400' && (
                <>
                  {': '}
                  {content['application/json'] ? (
                    <SchemaLink schema={content['application/json'].schema} />
                  ) : (
                    <code>{Object.keys(content).join(', ')}</code>
                  )}
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <Examples {...{ method, path, operation, server }} />
    </section>
  );
}

function Examples({ method, path, operation, server }: OperationProps) {
  const answers = Object.entries(operation.responses).flatMap(([status, { content }]) =>
    Object.values(content).flatMap(({ schema, examples = {} }) =>
      Object.entries(examples).map(([name, { summary, value }]) => ({
        ...{ status, name, summary, value, isFile: schema.format === 'binary' },
      })),
    ),
  );
  return (
    <>
      {answers.map(({ status, name, summary, value, isFile }) => (
        <details key={name} open={status < '400'}>
          <summary>
            Example: {summary ?? name} ({status})
          </summary>
          <Code text={curlOf({ method, path, server }, operation, name)} />
          {!isFile && <Json value={value} />}
        </details>
      ))}
    </>
  );
}

function SchemaLink({ schema }: { schema: { readonly $ref?: unknown } | undefined }) {
  const name = String(schema?.$ref ?? '').replace(/^.*\//, '');
  return <a href={`#schema-${name}`}>{name}</a>;
}
