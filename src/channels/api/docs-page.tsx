import { Page, type StaticFiles } from '../../platform/pages/index.ts';
import { OperationSection } from './docs/operation-section.tsx';
import { Json, Prose } from './docs/prose.tsx';
import { SchemaTable, TypeOf } from './docs/schema-table.tsx';
import type { OpenApiDocument, Operation } from './open-api.ts';
import { problemAnchor } from './problems.ts';

interface DocsPageProps {
  document: OpenApiDocument;
  files: Pick<StaticFiles, 'address'>;
}

interface Place {
  method: string;
  path: string;
  operation: Operation;
}

/** The document of the interface, for people. */
export function DocsPage({ document, files }: DocsPageProps) {
  const { info, tags, paths, servers } = document;
  const places = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Place => ({ method, path, operation })),
  );
  const groups = tags.map(({ name }) => ({
    name,
    places: places.filter(({ operation }) => operation.tags[0] === name),
  }));
  const styles = [files.address('page.css'), files.address('docs.css')];
  return (
    <Page language="en" title={`${info.title}: API`} styles={styles} icon={files.address('icon.svg')}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="docs">
        <nav class="index" aria-label="Contents">
          <Contents groups={groups} />
        </nav>
        <main id="main">
          <h1>{info.title}</h1>
          <p>
            {info.summary}. The same as a document for machines: <a href="/openapi.json">openapi.json</a> (OpenAPI{' '}
            {document.openapi}).
          </p>
          <section class="card" id="basics">
            <h2>Basics</h2>
            {info.description.split('\n\n').map((text) => (
              <p key={text}>
                <Prose text={text} />
              </p>
            ))}
          </section>
          {groups.map(({ name, places: ofGroup }) => (
            <section key={name} id={groupAnchor(name)} aria-labelledby={`${groupAnchor(name)}-title`}>
              <h2 id={`${groupAnchor(name)}-title`}>{name}</h2>
              {ofGroup.map(({ method, path, operation }) => (
                <OperationSection
                  key={operation.operationId}
                  {...{ method, path, operation, server: servers[0]?.url ?? '' }}
                />
              ))}
            </section>
          ))}
          <Events document={document} />
          <Schemas document={document} />
          <Problems document={document} />
        </main>
      </div>
    </Page>
  );
}

const groupAnchor = (name: string) => `group-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;

function Contents({ groups }: { groups: readonly { name: string; places: readonly Place[] }[] }) {
  return (
    <ul>
      <li>
        <a href="#basics">Basics</a>
      </li>
      {groups.map(({ name, places }) => (
        <li key={name}>
          <a href={`#${groupAnchor(name)}`}>{name}</a>
          <ul>
            {places.map(({ operation }) => (
              <li key={operation.operationId}>
                <a href={`#${operation.operationId}`}>{operation.summary}</a>
              </li>
            ))}
          </ul>
        </li>
      ))}
      <li>
        <a href="#events">Events</a>
      </li>
      <li>
        <a href="#shapes">Shapes</a>
      </li>
      <li>
        <a href="#problems">Problems</a>
      </li>
    </ul>
  );
}

function Events({ document }: { document: OpenApiDocument }) {
  return (
    <section id="events" aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      <p>What your webhooks are told of.</p>
      {Object.entries(document.webhooks).map(([type, { post }]) => (
        <section key={type} class="card" id={`event-${type.replace('.', '-')}`}>
          <h3>
            <code>{type}</code>
          </h3>
          <p>{post.summary}.</p>
          {Object.values(post.requestBody?.content ?? {}).map(({ schema, examples = {} }) => (
            <>
              <p>
                Body: <TypeOf schema={schema} />
              </p>
              {Object.entries(examples).map(([name, { value }]) => (
                <Json key={name} value={value} />
              ))}
            </>
          ))}
        </section>
      ))}
    </section>
  );
}

function Schemas({ document }: { document: OpenApiDocument }) {
  return (
    <section id="shapes" aria-labelledby="shapes-title">
      <h2 id="shapes-title">Shapes</h2>
      {Object.entries(document.components.schemas).map(([name, schema]) => (
        <section key={name} class="card" id={`schema-${name}`}>
          <h3>{name}</h3>
          <SchemaTable name={name} schema={schema} />
        </section>
      ))}
    </section>
  );
}

function Problems({ document }: { document: OpenApiDocument }) {
  return (
    <section id="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">Problems</h2>
      {document['x-problems'].map(({ code, status, title, about }) => (
        <section key={code} class="card" id={problemAnchor(code)}>
          <h3>
            {title} <code>{code}</code>
          </h3>
          <p>
            {status}. {about}
          </p>
        </section>
      ))}
    </section>
  );
}
