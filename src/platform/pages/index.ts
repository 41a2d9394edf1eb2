export { type EventStream, type EventStreams, makeEventStreams } from './event-streams.ts';
export { refuseForeignForm } from './foreign-form.ts';
export { chooseLanguage, languageName } from './languages.ts';
export { Page, type PageProps } from './page.tsx';
export { pageColours } from './palette.ts';
export { fixedBody, fixedPage, renderFragment, sendCompressed, sendPage } from './send-page.ts';
export { PAGE_FILES, type StaticFiles, staticFiles } from './static-files.ts';
