export { type ChartPainter, type Drawing, makeChartPainter } from './chart-painter.ts';
export { dressSvg, type Palette, standIns } from './dress-svg.ts';
