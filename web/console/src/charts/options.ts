import type { EChartsCoreOption } from "echarts/core";

export interface Series {
  name: string;
  values: number[];
  /** The name of a colour of the theme, such as `brand`. */
  colour: string;
  kind?: "bar" | "line";
  /** Bars of one stack stand on each other. */
  stack?: string;
}

interface Drawn {
  categories: string[];
  series: Series[];
  format: (value: number) => string;
  colour: (name: string) => string;
}

/** What ECharts draws, in the theme's colours. */
export function optionOf({ categories, series, format, colour }: Drawn): EChartsCoreOption {
  const ink = { color: colour("ink-soft") };
  const lines = { lineStyle: { color: colour("line") } };
  const values = { type: "value", axisLabel: { ...ink, formatter: format }, splitLine: lines };
  return {
    animation: false,
    color: series.map((each) => colour(each.colour)),
    grid: { left: 8, right: 8, top: series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: { show: series.length > 1, top: 0, textStyle: ink },
    tooltip: { trigger: "axis", valueFormatter: (value: unknown) => format(Number(value)) },
    xAxis: { type: "category", data: categories, axisLabel: ink, axisLine: lines },
    yAxis: values,
    series: series.map((each) => drawnSeries(each)),
  };
}

function drawnSeries({ name, values, kind = "bar", stack }: Series) {
  if (kind === "line") return { type: "line", name, data: values, symbolSize: 6 };
  return { type: "bar", name, data: values, stack, barMaxWidth: 48 };
}
