// Runs in a thread of its own: to load echarts and to lay out a chart takes tenths of a second, in which nobody's dial may wait.
import { parentPort } from 'node:worker_threads';
// In one file: from its many modules it takes ten times as long to load.
import * as echarts from 'echarts/dist/echarts.esm.min';

parentPort.on('message', ({ id, width, height, option }) => {
  try {
    const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
    chart.setOption({ animation: false, ...option });
    const svg = chart.renderToSVGString();
    chart.dispose();
    parentPort.postMessage({ id, svg });
  } catch (error) {
    parentPort.postMessage({ id, problem: String(error) });
  }
});
