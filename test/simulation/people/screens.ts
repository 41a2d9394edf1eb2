import type { Texts } from '../../../src/platform/texts/index.ts';

/** Reads screens as a person does: by their words, in whatever language they come. */
export interface Screens {
  /** The key to press for a choice, if the screen offers it. */
  keyOf(screen: string, textId: string): string | undefined;
  keyOfLabel(screen: string, label: string): string | undefined;
  shows(screen: string, textId: string): boolean;
  /** The screen claims that no money was or will be taken. */
  saysNothingCharged(screen: string): boolean;
}

/** What the engine says when a hop failed and, as it claims, nothing was charged. */
const NOTHING_CHARGED = ['ussd.system.busy', 'ussd.system.late', 'ussd.system.fault', 'ussd.system.too-long'];

export function readScreens(texts: Texts, serviceCode: string): Screens {
  const all = (textId: string) => texts.languages.map((language) => texts.format(language, textId, { serviceCode }));
  const known = new Map<string, string[]>();
  const wordsOf = (textId: string): string[] => {
    const words = known.get(textId) ?? all(textId);
    known.set(textId, words);
    return words;
  };
  const keyOfLabel = (screen: string, label: string) => {
    for (const line of screen.split('\n')) {
      const choice = /^(\d{1,2}) (.*)$/.exec(line);
      if (choice?.[2] === label) return choice[1];
    }
    return undefined;
  };
  return {
    keyOfLabel,
    keyOf(screen, textId) {
      for (const words of wordsOf(textId)) {
        const key = keyOfLabel(screen, words);
        if (key !== undefined) return key;
      }
      return undefined;
    },
    shows: (screen, textId) => wordsOf(textId).some((words) => screen.includes(words)),
    saysNothingCharged: (screen) => NOTHING_CHARGED.some((id) => wordsOf(id).some((words) => screen === words)),
  };
}
