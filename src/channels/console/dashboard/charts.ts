import { funnel, receiptWaits, type ScreenOfFunnel } from '../../../domain/reports/index.ts';
import { formatDecimal } from '../../../kernel/index.ts';
import { type Drawing, standIns } from '../../../platform/charts/index.ts';
import { pageColours } from '../../../platform/pages/index.ts';
import type { Tone } from '../tones.ts';
import type { Desk } from '../visit.ts';
import type { ConsoleWords } from '../words.ts';
import { type Slot, slotFigures, WAIT_STEPS_S, waitsInSteps } from './figures.ts';
import type { DashboardFilters } from './period.ts';

export const PALETTE = pageColours();
const COLOUR = standIns(PALETTE);
/** Without quotation marks: it ends up in an attribute. */
const FONT = 'system-ui, sans-serif';

export const CHARTS = ['payments', 'value', 'funnel', 'waits'] as const;
export type Chart = (typeof CHARTS)[number];

interface Wish {
  desk: Desk;
  words: ConsoleWords;
  filters: DashboardFilters;
  /** For a phone: the same in less room. */
  isNarrow: boolean;
}

/** Each chart reads no more than its own figures. */
export const DRAWINGS: Readonly<Record<Chart, (wish: Wish) => Promise<Drawing>>> = {
  async payments(wish) {
    const slots = await slotFigures(wish.desk, wish.filters);
    const { say } = wish.words;
    const series = TONES.map(([tone, colour]) => ({
      ...bars(colour),
      name: say(`dashboard.tone.${tone}`),
      data: slots.map(({ byTone }) => byTone[tone]),
    }));
    return drawing(wish, { xAxis: timeAxis(wish, slots), yAxis: countAxis(), series, legend: legend() });
  },
  async value(wish) {
    const slots = await slotFigures(wish.desk, wish.filters);
    const { currency } = wish.filters;
    const data = slots.map(({ amountMinor }) => Number(formatDecimal({ amountMinor, currency })));
    const series = [{ ...bars('brand'), data }];
    return drawing(wish, { xAxis: timeAxis(wish, slots), yAxis: countAxis(), series });
  },
  async funnel(wish) {
    const { screens } = await funnel(wish.desk.deps.domain, wish.filters);
    const shown = mainScreens(screens);
    const { say } = wish.words;
    const parts = [
      ['went-on', 'brand', ({ sessions, dropped, ended }: ScreenOfFunnel) => sessions - dropped - ended],
      ['ended', 'field', ({ ended }: ScreenOfFunnel) => ended],
      ['dropped', 'bad', ({ dropped }: ScreenOfFunnel) => dropped],
    ] as const;
    const series = parts.map(([name, colour, of]) => ({
      ...bars(colour),
      name: say(`dashboard.screen.${name}`),
      data: shown.map(of),
    }));
    const data = shown.map(({ screen }) => wish.words.screen(screen));
    const axis = quietAxis();
    const axisLabel = { ...axis.axisLabel, width: wish.isNarrow ? 130 : 240, overflow: 'truncate' };
    const names = { ...axis, type: 'category', inverse: true, data, axisLabel };
    const height = (wish.isNarrow ? 106 : 70) + shown.length * 26;
    return drawing(wish, { xAxis: countAxis(), yAxis: names, series, legend: legend() }, height);
  },
  async waits(wish) {
    const counts = waitsInSteps(await receiptWaits(wish.desk.deps.domain, wish.filters));
    const data = waitLabels(wish.words);
    const labels = { ...quietAxis().axisLabel, interval: 0, rotate: 40 };
    const axis = { ...quietAxis(), type: 'category', data, axisLabel: labels };
    const option = { xAxis: axis, yAxis: countAxis(), series: [{ ...bars('brand'), data: counts }] };
    return { ...drawing(wish, option), width: wish.isNarrow ? NARROW : HALF };
  },
};

const TONES: readonly (readonly [Tone, string])[] = [
  ['good', 'brand'],
  ['wait', 'wait'],
  ['bad', 'bad'],
  ['quiet', 'field'],
];

/** Screens that many saw: the rest is in the table. */
const MOST_SCREENS = 14;

export function mainScreens(screens: readonly ScreenOfFunnel[]): ScreenOfFunnel[] {
  const most = [...screens].sort((one, other) => other.sessions - one.sessions).slice(0, MOST_SCREENS);
  return screens.filter((one) => most.includes(one));
}

export function waitLabels({ say }: ConsoleWords): string[] {
  const seconds = (value: number) => (value < 120 ? `${value} s` : `${value / 60} min`);
  return [
    ...WAIT_STEPS_S.map((belowS) => say('dashboard.wait-below', { wait: seconds(belowS) })),
    say('dashboard.wait-longer', { wait: seconds(WAIT_STEPS_S.at(-1) ?? 0) }),
  ];
}

/** Of the desk, of one of two cards beside each other, and of a phone. */
const WIDE = 1_100;
const HALF = 540;
const NARROW = 360;

function drawing({ isNarrow }: Wish, option: Record<string, unknown>, height = 260): Drawing {
  // Names at its side are longer than guessed.
  const left = (option.yAxis as { type?: string }).type === 'category' ? 28 : 8;
  const grid = { left, right: 16, top: option.legend ? (isNarrow ? 76 : 40) : 16, bottom: 8, containLabel: true };
  const textStyle = { fontFamily: FONT, fontSize: 12, color: COLOUR.ink };
  return { width: isNarrow ? NARROW : WIDE, height, option: { textStyle, grid, ...option } };
}

const bars = (colour: string) => ({
  ...{ type: 'bar', stack: 'all', silent: true, barCategoryGap: '18%', barMaxWidth: 36 },
  itemStyle: { color: COLOUR[colour] },
});

/** Without a screen the widths of texts are guessed: there is room for a bad guess. */
const legend = () => ({
  top: 0,
  left: 0,
  itemGap: 36,
  itemWidth: 12,
  itemHeight: 12,
  textStyle: { color: COLOUR.ink, fontSize: 12 },
});

const quietAxis = () => ({
  axisLabel: { color: COLOUR.quiet, fontSize: 12 },
  axisLine: { lineStyle: { color: COLOUR.line } },
  axisTick: { show: false },
});

const countAxis = () => ({
  type: 'value',
  minInterval: 1,
  splitNumber: 4,
  ...quietAxis(),
  splitLine: { lineStyle: { color: COLOUR.line } },
});

/** Of several days only midnights are named. */
function timeAxis({ desk, words, filters, isNarrow }: Wish, slots: readonly Slot[]) {
  const isOneDay = filters.isByHour && filters.from === filters.to;
  const format = new Intl.DateTimeFormat(words.language, {
    timeZone: desk.deps.timeZone,
    ...(isOneDay ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' }),
  });
  const perLabel = filters.isByHour && !isOneDay ? 24 : isOneDay ? 3 : Math.max(1, Math.ceil(slots.length / 14));
  const interval = perLabel * (isNarrow ? 2 : 1) - 1;
  const data = slots.map(({ atMs }) => format.format(atMs));
  return { ...quietAxis(), type: 'category', data, axisLabel: { ...quietAxis().axisLabel, interval } };
}
