import type { Visit } from '../visit.ts';
import { Frame } from './frame.tsx';

/** Something went wrong, or is not there: what happened, and what to do next. */
export function MessagePage({ visit, title, text }: { visit: Visit; title: string; text: string }) {
  return (
    <Frame visit={visit} title={title}>
      <div class="card narrow">
        <h1>{title}</h1>
        <p>{text}</p>
        <p>
          <a href="/console">{visit.words.say('error.home')}</a>
        </p>
      </div>
    </Frame>
  );
}
