import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import type { WithRequest } from './body.ts';
import { HttpError } from './http-error.ts';

export interface UploadOptions {
  /** Where files are kept until they are read; made when it is not there. */
  directory: string;
  /** Of the file on disk: unique, without a path. */
  name: string;
  mostBytes: number;
}

/** A file on our disk. Whoever takes it removes it. */
export interface UploadedFile {
  path: string;
  /** As its giver names it: not a path of ours. */
  fileName: string;
}

export interface UploadBody {
  fields: Readonly<Record<string, string>>;
  file: UploadedFile | undefined;
}

const LIMITS = { fields: 50, fieldNameSize: 100, fieldSize: 4_000, files: 1, headerPairs: 20 } as const;

/**
 * Reads `multipart/form-data` with at most one file, which goes to the disk as it comes. Refuses with 400 what is malformed, with 413 a
 * file that is too large, with 415 another type; nothing of it is left then.
 */
export async function readUpload({ req }: WithRequest, options: UploadOptions): Promise<UploadBody> {
  const type = req.headers['content-type'] ?? '';
  if (!/^multipart\/form-data;/i.test(type)) throw new HttpError(415, 'content-type must be multipart/form-data');
  // With its fields and boundaries a form is a little longer than its file.
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > options.mostBytes + 100_000) {
    req.resume();
    throw new HttpError(413, `the file is larger than ${options.mostBytes} bytes`);
  }
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const path = join(options.directory, options.name);
  try {
    return await receive(req, type, path, options.mostBytes);
  } catch (error) {
    await rm(path, { force: true });
    req.resume();
    throw error instanceof HttpError ? error : new HttpError(400, 'the form could not be read');
  }
}

async function receive(req: IncomingMessage, type: string, path: string, mostBytes: number): Promise<UploadBody> {
  const fields: Record<string, string> = Object.create(null);
  const got: { file?: UploadedFile; written?: Promise<void>; fault?: HttpError } = {};
  const refuse = (status: number, detail: string) => {
    got.fault ??= new HttpError(status, detail);
  };
  const parser = new Busboy({
    headers: { ...req.headers, 'content-type': type },
    limits: { ...LIMITS, fileSize: mostBytes },
  });
  parser.on('field', (name, value, nameTruncated, valueTruncated) => {
    if (name in fields || nameTruncated || valueTruncated || hasControl(value))
      refuse(400, 'a field is repeated or too long, or holds control characters');
    else fields[name] = value;
  });
  parser.on('file', (_name, stream, fileName) => {
    stream.on('limit', () => refuse(413, `the file is larger than ${mostBytes} bytes`));
    // A form in which no file was chosen has an empty one without a name.
    if (got.file || !fileName) return void stream.resume();
    got.file = { path, fileName };
    got.written = pipeline(stream, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    // Awaited below; an error before that is no error that nobody caught.
    got.written.catch(() => {});
  });
  parser.on('filesLimit', () => refuse(400, 'one file at a time'));
  parser.on('fieldsLimit', () => refuse(400, 'too many fields'));
  await pipeline(req, parser);
  await got.written;
  if (got.fault) throw got.fault;
  return { fields, file: got.file };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const hasControl = (text: string) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
