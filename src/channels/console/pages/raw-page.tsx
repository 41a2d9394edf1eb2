import type { InboxEvent } from '../../../platform/inbox/index.ts';
import { maskBody } from '../mask-body.ts';
import type { Visit } from '../visit.ts';
import { Frame } from './frame.tsx';

/** A provider's message as it came, with numbers and secrets masked. */
export function RawPage({ visit, event, country }: { visit: Visit; event: InboxEvent; country: string }) {
  const { say, time } = visit.words;
  const title = say('raw.title', { provider: event.provider, kind: event.kind });
  return (
    <Frame visit={visit} title={title}>
      <section class="card">
        <h1>{title}</h1>
        <p class="hint">
          {time(event.receivedAtMs)} {say(`inbox.${event.state}`)} {event.note ?? ''}
        </p>
        <p>{say('raw.masked')}</p>
        <pre>{maskBody(event.body, country)}</pre>
      </section>
    </Frame>
  );
}
