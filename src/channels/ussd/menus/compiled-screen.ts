import type { NetworkName } from '../../../providers/ussd/index.ts';
import type { Choice, MenuSource, ScalarVariable, ScreenNode } from './menu-schema.ts';
import { ENGINE_TEXTS } from './menu-texts.ts';
import { fits } from './networks.ts';
import { cutToFit, paginate, type ScreenLines, wholeScreen } from './paging.ts';
import { type ValueContext, valuesOfItem, valuesOfText } from './shown-values.ts';
import type { StoredItem, Variables } from './stored-values.ts';

/** Lists that do not change while the service runs, by the name of the variable that declares them. */
export type ServiceLists = Readonly<Record<string, readonly StoredItem[]>>;

/** What one showing of a screen depends on. */
export interface ScreenView {
  language: string;
  network: NetworkName;
  variables: Variables;
  /** The line on top that says what was wrong. */
  error: string | undefined;
}

/** A choice of a screen that takes a key, or an item of its list. */
export type Picked = { kind: 'choice'; choice: Choice } | { kind: 'item'; item: StoredItem };

export interface CompiledScreen {
  node: ScreenNode;
  /** Back and home are offered everywhere but on the first screens and at the end. */
  hasNav: boolean;
  /** Pages by language and network, kept when nothing on the screen varies. */
  cache: Map<string, readonly string[]> | undefined;
  items(variables: Variables): readonly StoredItem[];
  pick(key: string, variables: Variables): Picked | undefined;
  itemFields: Readonly<Record<string, ScalarVariable>>;
}

export function compileScreen(
  id: string,
  node: ScreenNode,
  menu: MenuSource,
  context: ValueContext,
  lists: ServiceLists,
): CompiledScreen {
  const list = node.kind === 'choices' ? node.list : undefined;
  const declared = list ? menu.variables[list.from] : undefined;
  const fixed = declared?.kind === 'list' && declared.from === 'service';
  const most = declared?.kind === 'list' ? declared.most : 0;
  const choices = node.kind === 'choices' || node.kind === 'confirm' ? node.choices : [];
  const items = (variables: Variables): readonly StoredItem[] => {
    if (!list) return [];
    const held = fixed ? lists[list.from] : variables[list.from];
    return Array.isArray(held) ? held.slice(0, most) : [];
  };
  const byKey = new Map(choices.filter(({ key }) => key !== undefined).map((choice) => [choice.key as string, choice]));
  const unkeyed = choices.filter(({ key }) => key === undefined);
  const isFirst = id === menu.start || Object.values(menu.entries).includes(id);
  const ids = textIdsOnScreen(node);
  // A text that is missing or misnamed is the proof's to report.
  const varies = ids.some((textId) => !context.texts.has(textId) || context.texts.placeholders(textId).length > 0);
  return {
    node,
    hasNav: node.kind !== 'end' && !isFirst,
    cache: varies || (list && !fixed) ? undefined : new Map(),
    items,
    itemFields: declared?.kind === 'list' ? declared.fields : {},
    pick(key, variables) {
      const keyed = byKey.get(key);
      if (keyed) return { kind: 'choice', choice: keyed };
      if (!/^[1-9]\d?$/.test(key)) return undefined;
      const place = Number(key) - 1;
      const held = items(variables);
      const item = held[place];
      if (item) return { kind: 'item', item };
      const choice = unkeyed[place - held.length];
      return choice ? { kind: 'choice', choice } : undefined;
    },
  };
}

function textIdsOnScreen(node: ScreenNode): string[] {
  const choices = node.kind === 'choices' || node.kind === 'confirm' ? node.choices.map(({ text }) => text) : [];
  const empty = node.kind === 'choices' && node.list?.empty !== undefined ? [node.list.empty] : [];
  return [node.text, ...choices, ...empty];
}

export function pagesOf(screen: CompiledScreen, context: ValueContext, view: ScreenView): readonly string[] {
  const { cache } = screen;
  if (!cache || view.error !== undefined) return layOut(screen, context, view).pages;
  const key = view.language + view.network;
  let pages = cache.get(key);
  if (!pages) {
    pages = layOut(screen, context, view).pages;
    cache.set(key, pages);
  }
  return pages;
}

export interface LaidOut {
  pages: readonly string[];
  /** Everything on one screen, fitting or not. */
  whole: string;
  /** Set when the pages had to be cut: the least text that does not fit. */
  tooLong: string | undefined;
}

export function layOut(screen: CompiledScreen, context: ValueContext, view: ScreenView): LaidOut {
  const { node } = screen;
  const lines = linesOf(screen, context, view);
  let whole = wholeScreen(lines);
  if (fits(whole, view.network)) return { pages: [whole], whole, tooLong: undefined };
  // An input is read as it is typed, 98 too, and an END takes none: those are one page.
  if (node.kind === 'choices' || node.kind === 'confirm') {
    const paged = paginate(lines, view.network);
    if ('pages' in paged) return { pages: paged.pages, whole, tooLong: undefined };
    return { pages: [cutToFit(whole, view.network)], whole, tooLong: paged.tooLong };
  }
  if (node.kind === 'input' && node.again !== undefined && view.error !== undefined) {
    const values = valuesOfText(context, view.language, node.again, view.variables);
    whole = wholeScreen({ ...lines, body: context.texts.format(view.language, node.again, values) });
    if (fits(whole, view.network)) return { pages: [whole], whole, tooLong: undefined };
  }
  return { pages: [cutToFit(whole, view.network)], whole, tooLong: whole };
}

function linesOf(screen: CompiledScreen, context: ValueContext, view: ScreenView): ScreenLines {
  const { node } = screen;
  const { texts } = context;
  const { language, variables } = view;
  const say = (id: string) => texts.format(language, id, valuesOfText(context, language, id, variables));
  const held = screen.items(variables);
  const shownItems: string[] = [];
  let empty: string | undefined;
  if (node.kind === 'choices' && node.list) {
    const { item: itemText, empty: emptyText } = node.list;
    if (held.length === 0) empty = emptyText;
    for (const [place, item] of held.entries()) {
      const values = valuesOfItem(context, language, screen.itemFields, itemText, item);
      shownItems.push(`${place + 1} ${texts.format(language, itemText, values)}`);
    }
  }
  if (node.kind === 'choices' || node.kind === 'confirm') {
    let next = held.length;
    for (const { key, text } of node.choices) {
      if (key === undefined) next += 1;
      shownItems.push(`${key ?? next} ${say(text)}`);
    }
  }
  const back = texts.format(language, ENGINE_TEXTS.back);
  const both = `${back} ${texts.format(language, ENGINE_TEXTS.home)}`;
  return {
    error: view.error,
    body: dropEmptyLines(say(empty ?? node.text)),
    items: shownItems,
    nav: screen.hasNav ? both : '',
    more: texts.format(language, ENGINE_TEXTS.more),
    pageNav: screen.hasNav ? both : back,
  };
}

/** A value that is not set may leave a line empty. */
function dropEmptyLines(text: string): string {
  return text.replace(/ *\n[ \n]*/g, '\n').trim();
}
