import { LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what the wall draws; everything else stays out of the page.
use([LineChart, GridComponent, AriaComponent, CanvasRenderer]);

export { init as initChart };
