export { elapsedObserver, type ProviderLog, type ProviderObserver } from './observe.ts';
export { parseJson, shortText } from './read-json.ts';
export { decimalText, wireCode, wireText } from './wire-text.ts';
