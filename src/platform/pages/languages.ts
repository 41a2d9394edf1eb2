import type { Context } from 'koa';

/** The language that a visitor chose (`?lang=sw`, or a cookie `lang`), else the first that his browser asks for, else the default. */
export function chooseLanguage(ctx: Context, languages: readonly string[]): string {
  const { lang } = ctx.query;
  const [asked] = Array.isArray(lang) ? lang : [lang];
  for (const chosen of [asked, ctx.cookies.get('lang')]) {
    if (chosen !== undefined && languages.includes(chosen)) return chosen;
  }
  return ctx.acceptsLanguages(...languages) || (languages[0] ?? 'en');
}

/** A language's own name: `Kiswahili`, `Français`. */
export function languageName(language: string): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
