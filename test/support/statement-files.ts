/** An organisation statement of M-PESA for a day, oldest row first, with one payment of KES 100.00 a second or less. */
export function madeUpStatement(rows: number): string {
  const lines = [
    'Short Code:,174379',
    'Time Period:,From 2026-11-20 00:00:00 To 2026-11-20 23:59:59',
    'Opening Balance:,0.00',
    `Closing Balance:,${rows * 100}.00`,
    'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,Other Party Info,Linked Transaction ID,A/C No.',
  ];
  for (let index = 0; index < rows; index += 1) {
    const second = Math.floor((index * 86_399) / rows);
    const time = new Date(Date.UTC(2026, 10, 20) + second * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    const receipt = `UKT${index.toString(36).toUpperCase().padStart(7, '0')}`;
    const balance = `${(index + 1) * 100}.00`;
    lines.push(`${receipt},${time},Pay Bill,Completed,100.00,,${balance},Pay Bill,2547 ***** 126 - JANE,,100200300`);
  }
  return `${lines.join('\n')}\n`;
}
