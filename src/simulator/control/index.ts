export { type Control, makeControl } from './control.ts';
