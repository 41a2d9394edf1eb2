export { type Note, NoteSchema, writeNote } from './note.ts';
