import { defineAsyncComponent } from "vue";

/** The chart, with ECharts, loads after the page's figures. */
export const Chart = defineAsyncComponent(() => import("./BarChart.vue"));
