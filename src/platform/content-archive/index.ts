export { ArchivedContentSchema, type ContentArchive, makeContentArchive } from './content-archive.ts';
