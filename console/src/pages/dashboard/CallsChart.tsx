import BarChart from "@cloudscape-design/components/bar-chart";
import Box from "@cloudscape-design/components/box";
import { countCallsByDay } from "../../api/events";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";

const DAY = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });

/** The calls of each day, done and refused. */
export function CallsChart() {
  const calls = useRemote(countCallsByDay, []);
  if (calls.error !== undefined) return <Problem error={calls.error} what="Counting the calls" onRetry={calls.reload} />;
  const days = calls.data?.days ?? [];
  const most = Math.max(4, ...days.map(({ done, refused }) => done + refused));
  const series = (title: string, color: string, count: (index: number) => number) => ({
    title,
    type: "bar" as const,
    color,
    data: days.map(({ day }, index) => ({ x: DAY.format(day), y: count(index) })),
  });
  return (
    <>
      <BarChart
        series={[
          series("Succeeded", "#688ae8", (index) => days[index]!.done),
          series("Failed (any error)", "#c33d69", (index) => days[index]!.refused),
        ]}
        xDomain={days.map(({ day }) => DAY.format(day))}
        yDomain={[0, most]}
        xTitle="Day"
        yTitle="Calls"
        xTickFormatter={String}
        yTickFormatter={(value) => (Number.isInteger(value) ? String(value) : "")}
        stackedBars
        hideFilter
        height={200}
        ariaLabel="API calls by day"
        statusType={calls.data === undefined ? "loading" : "finished"}
        loadingText="Loading the events"
      />
      {calls.data?.isWhole === false && (
        <Box color="text-body-secondary" fontSize="body-s">
          The last thousand events only.
        </Box>
      )}
    </>
  );
}
