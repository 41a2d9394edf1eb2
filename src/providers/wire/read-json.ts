/** The JSON value of an answer's body, or undefined for anything else (HTML, an empty body, a torn one). Never throws. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** One plain line of at most `max` characters, for descriptions that staff read. */
export function shortText(text: string, max = 200): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, max);
}
