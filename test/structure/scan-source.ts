export interface ImportSite {
  specifier: string;
  /** From 1. */
  line: number;
}

export interface ScannedSource {
  imports: ImportSite[];
  /** The source with the insides of comments, texts and regular expressions blanked, lines kept. */
  code: string;
}

/** After one of these a slash begins a regular expression, not a division. */
const BEFORE_REGEX =
  /(?:[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|delete|throw|new|do|else|await|yield)|=>)\s*$/;
const IMPORT = /(?<![\w.$])(?:(?:import|export)\b[\w\s{},*$]*?\bfrom\s*|import\s*\(?\s*)(['"])/g;

/**
 * Reads the imports of a TypeScript or JavaScript file: static, type-only, re-exports, and dynamic ones of a plain text. A small
 * scanner, since TypeScript 7 gives no parser to programs; it knows comments, texts, templates and regular expressions.
 */
export function scanSource(source: string): ScannedSource {
  const { code, texts } = blank(source);
  const imports: ImportSite[] = [];
  for (const match of code.matchAll(IMPORT)) {
    const quoteAt = match.index + match[0].length - 1;
    const specifier = texts.get(quoteAt);
    if (specifier !== undefined) imports.push({ specifier, line: lineAt(code, quoteAt) });
  }
  return { imports, code };
}

export function lineAt(code: string, offset: number): number {
  let line = 1;
  for (let at = code.indexOf('\n'); at !== -1 && at < offset; at = code.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** `texts`: what stands between quotes, by the offset of the opening one. */
function blank(source: string): { code: string; texts: Map<number, string> } {
  const texts = new Map<number, string>();
  let code = '';
  let at = 0;
  /** One entry for every `${` that is open: how many braces are open within it. */
  const templates: number[] = [];
  const skipTo = (end: number) => {
    code += source.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  };
  const copy = () => {
    code += source[at];
    at += 1;
  };
  while (at < source.length) {
    const character = source[at] ?? '';
    const next = source[at + 1];
    if (character === '/' && next === '/') skipTo(endOf(source, '\n', at));
    else if (character === '/' && next === '*') skipTo(endOf(source, '*/', at + 2) + 2);
    else if (character === '/' && BEFORE_REGEX.test(code.slice(-200))) skipTo(endOfRegex(source, at));
    else if (character === "'" || character === '"') {
      const start = at;
      const end = endOfText(source, at, character);
      copy();
      texts.set(start, source.slice(at, end));
      skipTo(end);
      if (source[at] === character) copy();
    } else if (character === '`' || (character === '}' && templates.at(-1) === 0)) {
      if (character === '}') templates.pop();
      copy();
      const end = endOfTemplatePart(source, at);
      skipTo(end);
      if (source[at] === '$') {
        templates.push(0);
        code += '  ';
        at += 2;
      } else copy();
    } else {
      const open = templates.length - 1;
      if (open >= 0 && character === '{') templates[open] = (templates[open] ?? 0) + 1;
      if (open >= 0 && character === '}') templates[open] = (templates[open] ?? 0) - 1;
      copy();
    }
  }
  return { code, texts };
}

function endOf(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from);
  return end === -1 ? source.length : end;
}

/** A text cannot span lines: an apostrophe in words between JSX tags ends with its line. */
function endOfText(source: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1;
  return Math.min(at, source.length);
}

/** The offset of the closing backtick, or of the next `${`. */
function endOfTemplatePart(source: string, start: number): number {
  let at = start;
  while (at < source.length && source[at] !== '`' && !(source[at] === '$' && source[at + 1] === '{')) {
    at += source[at] === '\\' ? 2 : 1;
  }
  return Math.min(at, source.length);
}

function endOfRegex(source: string, start: number): number {
  let inClass = false;
  let at = start + 1;
  for (; at < source.length && source[at] !== '\n'; at += 1) {
    const character = source[at];
    if (character === '\\') at += 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '/' && !inClass) return at + 1;
  }
  return at;
}
