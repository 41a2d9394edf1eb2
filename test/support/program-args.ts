import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Whether programs are started as they are deployed, built before by `npm run build`: they start in half the time. */
export const isCompiled = process.env.TEST_COMPILED === '1';

/** What a file of the sources is called where the programs run, by its absolute path: the working directory decides where the menus are. */
export function programFile(file: `src/${string}.ts` | 'ormconfig.ts'): string {
  const path = isCompiled ? `dist/${file.replace(/\.ts$/, '.js')}` : file;
  return new URL(`../../${path}`, import.meta.url).pathname;
}

/** What node needs to load the sources as they are. */
export const loaderArgs: readonly string[] = isCompiled ? [] : ['--import', LOADER];

/** The arguments with which node starts one of our programs. */
export function programArgs(file: `src/${string}.ts`): string[] {
  return [...loaderArgs, programFile(file)];
}
