import { foldToGsm7, invariant, isGsm7 } from '../../../kernel/index.ts';
import { makeTexts, type Texts, type TextsOptions, type TextValues } from '../../../platform/texts/index.ts';
import type { NetworkName } from '../../../providers/ussd/index.ts';
import {
  type CompiledScreen,
  compileScreen,
  type LaidOut,
  layOut,
  type Picked,
  pagesOf,
  type ScreenView,
  type ServiceLists,
} from './compiled-screen.ts';
import { hashMenu, type MenuContent, serializeMenu } from './menu-content.ts';
import type { MenuNode, MenuSource, ScreenNode } from './menu-schema.ts';
import { cutToFit } from './paging.ts';
import { type ValueContext, valuesOfText } from './shown-values.ts';
import type { Variables } from './stored-values.ts';

export interface MenuOptions extends TextsOptions {
  /** The service's currency, in which amounts are typed. */
  currency: string;
  lists: ServiceLists;
  /** Values that every text may use, such as `serviceCode`. */
  constants: Readonly<Record<string, string>>;
}

/** A menu ready to run. */
export interface CompiledMenu extends ValueContext {
  readonly hash: string;
  readonly content: string;
  readonly source: MenuSource;
  readonly currency: string;
  /** Variables that say that a PIN was right. */
  readonly unlocking: readonly string[];
  /** Variables that are kept sealed. */
  readonly secrets: readonly string[];
  node(id: string): MenuNode | undefined;
  /** Node `id`, which must be a screen. */
  screen(id: string): ScreenNode;
  /** The pages of a screen, at least one. */
  pages(id: string, view: ScreenView): readonly string[];
  /** The same for the proof, which must know what does not fit. */
  layOut(id: string, view: ScreenView): LaidOut;
  pick(id: string, key: string, variables: Variables): Picked | undefined;
  /** A text with the values that it takes from the session. Missing values are a bug and throw. */
  line(textId: string, language: string, variables: Variables, own?: TextValues): string;
  /** An END of the engine's own, cut to one screen. */
  say(textId: string, language: string, network: NetworkName): string;
}

/** Throws `TextsError` when a text is broken; whether the menu holds together is `proveMenu`'s to say. */
export function compileMenu(
  content: MenuContent,
  options: MenuOptions,
  texts: Texts = makeTexts(content.texts, options),
): CompiledMenu {
  const serialized = serializeMenu(content);
  const context: ValueContext = {
    variables: content.menu.variables,
    texts,
    constants: options.constants,
    gsmLanguages: findGsmLanguages(content),
  };
  const screens = new Map<string, CompiledScreen>();
  const nodes = new Map(Object.entries(content.menu.nodes));
  for (const [id, node] of nodes) {
    if ('text' in node) screens.set(id, compileScreen(id, node, content.menu, context, options.lists));
  }
  const screenOf = (id: string): CompiledScreen => {
    const screen = screens.get(id);
    invariant(screen, `node ${id} is not a screen`);
    return screen;
  };
  return {
    ...context,
    hash: hashMenu(serialized),
    content: serialized,
    source: content.menu,
    currency: options.currency,
    unlocking: Object.entries(content.menu.variables).flatMap(([name, variable]) =>
      variable.kind === 'hidden' && variable.unlocks ? [name] : [],
    ),
    secrets: Object.entries(content.menu.variables).flatMap(([name, variable]) =>
      variable.kind === 'text' && variable.secret ? [name] : [],
    ),
    node: (id) => nodes.get(id),
    screen: (id) => screenOf(id).node,
    pages: (id, view) => pagesOf(screenOf(id), context, view),
    layOut: (id, view) => layOut(screenOf(id), context, view),
    pick: (id, key, variables) => screenOf(id).pick(key, variables),
    line: (textId, language, variables, own) =>
      texts.format(language, textId, { ...valuesOfText(context, language, textId, variables), ...own }),
    say: (textId, language, network) =>
      cutToFit(texts.format(language, textId, valuesOfText(context, language, textId, {})), network),
  };
}

function findGsmLanguages({ texts }: MenuContent): Set<string> {
  const all = [...texts].filter(([, entries]) =>
    [...entries.values()].every(({ template }) => isGsm7(foldToGsm7(template))),
  );
  return new Set(all.map(([language]) => language));
}
