export { loadTexts, readTexts } from './read-texts.ts';
export {
  makeTexts,
  type TextSource,
  type Texts,
  TextsError,
  type TextsOptions,
  type TextValue,
  type TextValues,
} from './texts.ts';
