export { type HandsetLine, type HandsetState, makeHandsetLine } from './handset-line.ts';
