import type { ComponentChildren } from 'preact';
import { Page } from '../../../platform/pages/index.ts';
import type { Words } from '../words.ts';

/** Addresses of the files of the page. */
export interface Assets {
  style: string;
  icon: string;
  live: string;
}

interface FrameProps {
  words: Words;
  assets: Assets;
  title: string;
  scripts?: readonly string[];
  refreshAfterS?: number | undefined;
  supportPhone: string | undefined;
  children: ComponentChildren;
}

/** What every page of the checkout has around it. */
export function Frame({ words, assets, title, scripts = [], refreshAfterS, supportPhone, children }: FrameProps) {
  const { language, languages, say } = words;
  return (
    <Page
      language={language}
      title={`${title} - Malipo`}
      styles={[assets.style]}
      icon={assets.icon}
      scripts={scripts}
      {...(refreshAfterS === undefined ? {} : { refreshAfterS })}
    >
      <a class="skip" href="#main">
        {say('skip')}
      </a>
      <header class="top">
        <a class="brand" href={payAddress(language)}>
          Malipo
        </a>
        <nav aria-label={say('language')}>
          <ul class="languages">
            {languages.map(({ id, name }) => (
              <li key={id}>
                <a
                  href={`?lang=${id}`}
                  lang={id}
                  hreflang={id}
                  {...(id === language ? { 'aria-current': 'true' } : {})}
                >
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main class="main" id="main">
        {children}
      </main>
      <footer class="foot">
        <p>{say('safety')}</p>
        {supportPhone && (
          <p>
            {say('support')} <a href={`tel:${supportPhone.replace(/\s/g, '')}`}>{supportPhone}</a>
          </p>
        )}
      </footer>
    </Page>
  );
}

/** The language stays in the address, so that no cookie is needed. */
export const payAddress = (language: string, path = '/pay'): string => `${path}?lang=${language}`;

export function Facts({ facts }: { facts: readonly (readonly [name: string, value: string, kind?: 'sum'])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value, kind]) => (
        <div key={name} class={kind}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
