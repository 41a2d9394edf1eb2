import { STYLES } from './formats.ts';

/** An element of a parsed ICU message, as @formatjs/icu-messageformat-parser makes it. */
export interface MessageElement {
  /** 0 literal, 1 argument, 2 number, 3 date, 4 time, 5 select, 6 plural, 7 pound sign, 8 tag. */
  type: number;
  value: string;
  style?: unknown;
  options?: Readonly<Record<string, { value: MessageElement[] }>>;
}

const STYLED: Readonly<Record<number, 'number' | 'date' | 'time'>> = { 2: 'number', 3: 'date', 4: 'time' };

/** Names of the values that a message needs, sorted. Throws on a style that we do not have. */
export function readPlaceholders(elements: readonly MessageElement[]): string[] {
  const names = new Set<string>();
  collect(elements, names);
  return [...names].sort();
}

function collect(elements: readonly MessageElement[], names: Set<string>): void {
  for (const element of elements) {
    if (element.type === 0 || element.type === 7) continue;
    names.add(element.value);
    const kind = STYLED[element.type];
    if (kind !== undefined) checkStyle(element, kind);
    for (const option of Object.values(element.options ?? {})) collect(option.value, names);
  }
}

function checkStyle({ value, style }: MessageElement, kind: 'number' | 'date' | 'time'): void {
  // `{count, number}` is a plain number; a date or time always says how it is written.
  if (kind === 'number' && (style === undefined || style === null)) return;
  if (typeof style === 'string' && STYLES[kind].includes(style)) return;
  throw new Error(`{${value}, ${kind}} must have one of the styles ${STYLES[kind].join(', ')}`);
}
