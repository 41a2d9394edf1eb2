/** The first sectors of an OLE container ([MS-CFB]) that names one stream: what an .xls, or a workbook with a password, is. */
export function oldContainer(stream: string): Buffer {
  const head = Buffer.alloc(512);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head);
  head.writeUInt16LE(9, 30);
  head.writeUInt32LE(1, 48);
  const directory = Buffer.alloc(512);
  for (const [at, name] of ['Root Entry', stream].entries()) directory.write(name, at * 128, 'utf16le');
  return Buffer.concat([head, Buffer.alloc(512), directory]);
}
