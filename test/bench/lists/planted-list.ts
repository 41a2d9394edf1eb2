import excel from 'exceljs';

/** One row of a hundred has a fault, each of another kind; all others are people of their own. */
const FAULTS: readonly (readonly [phone: string | number, amount: string | number])[] = [
  ['2.54711E+11', 500],
  ['0711', 500],
  ['', 500],
  ['+255711000001', 500],
  ['0722000000', '1,250'],
  ['0722000000', 'KES 500'],
  ['0722000000', -5],
];
const PURPOSES = ['Salary', 'Sales incentive', 'Promotion', 'Dividend'];
const SHOPS = ['Duka la Kati', 'Soko Mjinga', 'Gikomba', 'Kisumu Ndogo', 'Likoni', 'Nakuru Town'];

export interface PlantedList {
  rows: number;
  faultRows: number;
  totalMinor: bigint;
}

/** Writes a list of people to be paid as Excel writes it, with the texts that its cells share; its truth is returned. */
export async function plantList(path: string, rows: number): Promise<PlantedList> {
  const book = new excel.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: true, useStyles: true });
  const sheet = book.addWorksheet('Payees');
  sheet.addRow(['Shop', 'Phone number', 'Full name', 'Amount (KES)', 'Purpose', 'Payroll no', 'Joined']).commit();
  const joined = new Date(Date.UTC(2026, 0, 5));
  const planted: PlantedList = { rows, faultRows: 0, totalMinor: 0n };
  for (let at = 0; at < rows; at += 1) {
    const isFaulty = at % 100 === 99;
    const fault = FAULTS[Math.floor(at / 100) % FAULTS.length] as (typeof FAULTS)[number];
    const phone = isFaulty ? fault[0] : `0711${String(at).padStart(6, '0')}`;
    const amount = isFaulty ? fault[1] : 500 + (at % 1_000);
    if (isFaulty) planted.faultRows += 1;
    else planted.totalMinor += BigInt(amount) * 100n;
    const name = `Amina Wanjiku Otieno ${at}`;
    const rest = [PURPOSES[at % PURPOSES.length], `E-${at}`, joined];
    sheet.addRow([SHOPS[at % SHOPS.length], phone, name, amount, ...rest]).commit();
  }
  await book.commit();
  return planted;
}
