import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import type { CredentialReport } from "../../api/credentialReport";
import { CountsChart } from "../../parts/CountsChart";
import { reportFigures } from "./reportFigures";

const HEIGHT = 140;
const NO_KEYS = "There are no active access keys.";
const NO_PASSWORDS = "No user has a password.";

/** What each picture is of, and what its two colours mean. */
const CHARTS = [
  {
    id: "keyAges",
    title: "Age of active access keys",
    xTitle: "Since it was made",
    yTitle: "Keys",
    legend: { fine: "Up to date", concern: "Rotation due (90 days)" },
    empty: NO_KEYS,
  },
  {
    id: "keyUses",
    title: "Last use of active access keys",
    xTitle: "Since it was last used",
    yTitle: "Keys",
    legend: { fine: "In use", concern: "Unused (45 days)" },
    empty: NO_KEYS,
  },
  {
    id: "mfa",
    title: "MFA of those who have a password",
    xTitle: "Signs in with",
    yTitle: "Users",
    legend: { fine: "Protected", concern: "Password only" },
    empty: NO_PASSWORDS,
  },
  {
    id: "passwordAges",
    title: "Age of passwords",
    xTitle: "Since it was changed",
    yTitle: "Users",
    legend: { fine: "Below 90 days", concern: "90 days and more" },
    empty: NO_PASSWORDS,
  },
] as const;

/** The report in four pictures; the table below says the same, user by user. */
export function ReportCharts({ report }: { report: CredentialReport }) {
  const figures = reportFigures(report);
  return (
    <ColumnLayout columns={2} borders="vertical">
      {CHARTS.map(({ id, ...chart }) => (
        <div key={id}>
          <Box variant="h3" padding={{ bottom: "xs" }}>
            {chart.title}
          </Box>
          <CountsChart {...chart} bars={figures[id]} height={HEIGHT} />
        </div>
      ))}
    </ColumnLayout>
  );
}
