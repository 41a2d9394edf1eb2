/** The table as the one sheet of an Excel workbook, every cell a text, as the portal writes it. */
export async function writeWorkbook(table: readonly (readonly string[])[]): Promise<Buffer> {
  // Half a second to load, and few want a workbook.
  const { default: excel } = await import('exceljs');
  const workbook = new excel.Workbook();
  const sheet = workbook.addWorksheet('Statement');
  for (const cells of table) sheet.addRow([...cells]);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
