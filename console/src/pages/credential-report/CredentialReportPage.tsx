import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { lazy, Suspense } from "react";
import { getCredentialReport } from "../../api/credentialReport";
import { CredentialReportHelp } from "../../help/CredentialReportHelp";
import { AppLink } from "../../parts/AppLink";
import { download } from "../../parts/download";
import { Page } from "../../parts/Page";
import { type Column, ResourceTable } from "../../parts/ResourceTable";
import { isoDay, moment } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { paths } from "../../paths";

const ReportCharts = lazy(async () => ({ default: (await import("./ReportCharts")).ReportCharts }));

type Row = Record<string, string>;

const SHOWN = new Set([
  "user",
  "password_enabled",
  "password_last_used",
  "mfa_active",
  "access_key_1_active",
  "access_key_1_last_rotated",
  "access_key_1_last_used_date",
  "access_key_2_active",
  "access_key_2_last_rotated",
  "access_key_2_last_used_date",
]);

const title = (column: string): string => {
  const words = column.replaceAll("_", " ").replace("mfa", "MFA").replace("arn", "ARN");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const shown = (value: string): string => (/^\d{4}-\d{2}-\d{2}T/.test(value) ? value.replace("T", " ").replace(/(Z|\+00:00)$/, " UTC") : value);

function columnsOf(names: string[]): Column<Row>[] {
  return names.map((name, index) => ({
    id: name,
    header: title(name),
    isHidden: !SHOWN.has(name),
    isRowHeader: index === 0,
    sortingComparator: (a, b) => a[name]!.localeCompare(b[name]!),
    cell: (row) => {
      const value = row[name] ?? "";
      if (name !== "user" || value === "<root_account>") return shown(value);
      return <AppLink href={paths.user(value, "security")}>{value}</AppLink>;
    },
  }));
}

/** The state of every user's credentials, as AWS's report has it. */
export function CredentialReportPage() {
  const report = useRemote(getCredentialReport, []);
  const found = report.data;
  return (
    <Page
      title="Credential report"
      description={found === undefined ? "All users and the state of their credentials." : `As of ${moment(found.generatedAt)}. A report is kept for four hours.`}
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Credential report", href: paths.credentialReport },
      ]}
      help={<CredentialReportHelp />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel="Refresh report" loading={report.isLoading} onClick={report.reload} />
          <Button
            iconName="download"
            disabled={found === undefined}
            onClick={() => download(`status_reports_${isoDay(found!.generatedAt)}.csv`, found!.text, "text/csv")}
          >
            Download credentials report
          </Button>
        </SpaceBetween>
      }
    >
      {found !== undefined && (
        <ExpandableSection variant="container" headerText="At a glance" headerDescription="Counted from the table below." defaultExpanded>
          <Suspense fallback={<Waiting what="the charts" />}>
            <ReportCharts report={found} />
          </Suspense>
        </ExpandableSection>
      )}
      <ResourceTable<Row>
        key={found?.columns.join() ?? ""}
        title="Users"
        noun={["user", "users"]}
        remote={{ ...report, data: found?.rows }}
        idOf={({ arn }) => arn!}
        textOf={({ user }) => user!}
        columns={columnsOf(found?.columns ?? ["user", "arn"])}
        empty={<Box color="inherit">The report is empty.</Box>}
      />
    </Page>
  );
}
