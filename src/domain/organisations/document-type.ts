/** The kinds of files that a paper may be, by their first bytes: what a name or a browser says proves nothing. */
const BEGINNINGS: readonly { contentType: string; bytes: readonly number[] }[] = [
  { contentType: 'application/pdf', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { contentType: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { contentType: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
];

export function contentTypeOf(file: Buffer): string | undefined {
  return BEGINNINGS.find(({ bytes }) => bytes.every((byte, at) => file[at] === byte))?.contentType;
}
