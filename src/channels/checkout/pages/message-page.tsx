import type { Words } from '../words.ts';
import { type Assets, Frame, payAddress } from './frame.tsx';

export interface MessagePageProps {
  words: Words;
  assets: Assets;
  supportPhone: string | undefined;
  title: string;
  text: string;
  /** Where to look again; else the form is offered alone. */
  again?: string;
}

export function MessagePage({ words, assets, supportPhone, title, text, again }: MessagePageProps) {
  return (
    <Frame words={words} assets={assets} supportPhone={supportPhone} title={title}>
      <div class="card">
        <div class="note bad">
          <h1>{title}</h1>
          <p>{text}</p>
        </div>
        {again && (
          <a class="button" href={again}>
            {words.say('payment.refresh')}
          </a>
        )}
        <a class="button second" href={payAddress(words.language)}>
          {words.say('title')}
        </a>
      </div>
    </Frame>
  );
}
