import { LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

// Only what the pages draw; everything else stays out of them.
use([LineChart, GridComponent, AriaComponent, CanvasRenderer, SVGRenderer]);

export { init as initChart };
