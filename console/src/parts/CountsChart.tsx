import BarChart from "@cloudscape-design/components/bar-chart";
import Box from "@cloudscape-design/components/box";

export interface Bar {
  label: string;
  count: number;
  /** Whether those counted here want something done. */
  isConcern: boolean;
}

interface CountsChartProps {
  title: string;
  bars: Bar[];
  xTitle: string;
  yTitle: string;
  /** What the two colours mean. */
  legend: { fine: string; concern: string };
  isLoading?: boolean;
  /** What to say where nothing is counted. */
  empty: string;
  height?: number;
}

const FINE = "#688ae8";
const CONCERN = "#c33d69";

/** How many there are of each kind; what wants attention is in another colour, and said in words. */
export function CountsChart({ title, bars, xTitle, yTitle, legend, isLoading = false, empty, height = 200 }: CountsChartProps) {
  const most = Math.max(4, ...bars.map(({ count }) => count));
  const isEmpty = !isLoading && bars.every(({ count }) => count === 0);
  const series = (name: string, color: string, ofConcern: boolean) => ({
    title: name,
    type: "bar" as const,
    color,
    data: bars.flatMap(({ label, count, isConcern }) => (isConcern === ofConcern ? [{ x: label, y: count }] : [])),
  });
  return (
    <BarChart
      series={isEmpty ? [] : [series(legend.fine, FINE, false), series(legend.concern, CONCERN, true)]}
      xDomain={bars.map(({ label }) => label)}
      yDomain={[0, most]}
      xTitle={xTitle}
      yTitle={yTitle}
      xTickFormatter={String}
      yTickFormatter={(value) => (Number.isInteger(value) ? String(value) : "")}
      stackedBars
      hideFilter
      height={height}
      ariaLabel={title}
      ariaDescription={bars.map(({ label, count }) => `${label}: ${count}`).join("; ")}
      statusType={isLoading ? "loading" : "finished"}
      loadingText="Loading"
      empty={<Box textAlign="center">{empty}</Box>}
    />
  );
}
