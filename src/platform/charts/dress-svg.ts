/** Colours of a page by the names of its tokens, in the light and in the dark. */
export interface Palette {
  light: Readonly<Record<string, string>>;
  dark: Readonly<Record<string, string>>;
}

/**
 * A chart is drawn in stand-ins, `ink` of these tokens by their order, and dressed afterwards: so one drawing follows the light or dark of whoever
 * looks at it.
 */
export function standIns(palette: Palette): Record<string, string> {
  return Object.fromEntries(Object.keys(palette.light).map((name, index) => [name, standIn(index)]));
}

const standIn = (index: number) => `#0000${(index + 1).toString(16).padStart(2, '0')}`;

/** Leaves out what only a live chart needs, and has the colours follow the palette. */
export function dressSvg(svg: string, palette: Palette, title: string): string {
  const names = Object.keys(palette.light);
  const plain = svg
    .replace(/<style ?>.*?<\/style>/gs, '')
    .replace(/ (?:class|pointer-events|ecmeta_[a-z_]+|baseProfile|version)="[^"]*"/g, '')
    .replace(/#0000([0-9a-f]{2})/g, (whole, digits: string) => {
      const name = names[Number.parseInt(digits, 16) - 1];
      return name === undefined ? whole : `var(--${name})`;
    })
    .replace(/\n+/g, '\n');
  const rules = (colours: Palette['light']) => names.map((name) => `--${name}:${colours[name]}`).join(';');
  const style = `<style>svg{${rules(palette.light)}}@media(prefers-color-scheme:dark){svg{${rules(palette.dark)}}}</style>`;
  return plain.replace(/^(<svg[^>]*>)/, `$1<title>${escapeXml(title)}</title>${style}`);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
