export { type DialogEnd, type DialogPart, DialogPartSchema } from './dialog-part.ts';
export { type Dialog, dialogsOf, findDialogs, joinParts } from './find-dialogs.ts';
export { type DialogRecorder, recordDialogs, type SeenHop } from './record-dialogs.ts';
