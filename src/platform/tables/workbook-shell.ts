/** Everything of a workbook (Office Open XML) that is not its rows. */

export const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** The places of `cellXfs` below. */
export const STYLE = {
  title: 1,
  time: 2,
  count: 3,
  marked: 4,
  decimals: [5, 6, 7, 8, 9],
  fault: 10,
  warning: 11,
  text: 12,
} as const;

/** ECMA-376, 18.8.30: `@`. */
const TEXT = 49;

export const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>\
<numFmt numFmtId="165" formatCode="#,##0.0"/><numFmt numFmtId="166" formatCode="#,##0.000"/><numFmt numFmtId="167" formatCode="#,##0.0000"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('FFFFC7CE')}${fill('FFFFEB9C')}</fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="13">\
${format(0)}${format(0, ' fontId="1" applyFont="1"')}${format(164)}${format(3)}${format(0, ' fontId="0" quotePrefix="1"')}\
${format(3)}${format(165)}${format(4)}${format(166)}${format(167)}${format(TEXT, undefined, 2)}${format(TEXT, undefined, 3)}${format(TEXT)}</cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

function format(id: number, more = ' fontId="0"', fillId = 0): string {
  const applied = `${id === 0 ? '' : ' applyNumberFormat="1"'}${fillId === 0 ? '' : ' applyFill="1"'}`;
  return `<xf numFmtId="${id}"${more} fillId="${fillId}" borderId="0" xfId="0"${applied}/>`;
}

function fill(colour: string): string {
  return `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold is what it looks for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

export function escapeXml(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"\r]/g, (sign) => ENTITIES[sign] ?? sign);
}

export function workbook(names: readonly string[]): string {
  const sheets = names.map(
    (name, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets></workbook>`;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

export function relations(count: number): string {
  const sheets = numbers(count).map(
    (number) =>
      `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${sheets.join('')}\
<Relationship Id="rId${count + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`;
}

export const ROOT = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">\
<Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export function contentTypes(count: number): string {
  const sheets = numbers(count).map(
    (number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  );
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>${sheets.join('')}\
<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`;
}
