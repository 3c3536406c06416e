import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import type { ReactNode } from "react";
import type { CredentialReport } from "../../api/credentialReport";
import { CountsChart } from "../../parts/CountsChart";
import { reportFigures } from "./reportFigures";

const HEIGHT = 140;

/** The report in four pictures; the table below says the same, user by user. */
export function ReportCharts({ report }: { report: CredentialReport }) {
  const { keyAges, keyUses, mfa, passwordAges } = reportFigures(report);
  return (
    <ColumnLayout columns={2} borders="vertical">
      <Titled title="Age of active access keys">
        <CountsChart
          title="Age of active access keys"
          bars={keyAges}
          xTitle="Since it was made"
          yTitle="Keys"
          legend={{ fine: "To be kept", concern: "To be rotated (90 days)" }}
          empty="There are no active access keys."
          height={HEIGHT}
        />
      </Titled>
      <Titled title="Last use of active access keys">
        <CountsChart
          title="Last use of active access keys"
          bars={keyUses}
          xTitle="Since it was last used"
          yTitle="Keys"
          legend={{ fine: "In use", concern: "Unused (45 days)" }}
          empty="There are no active access keys."
          height={HEIGHT}
        />
      </Titled>
      <Titled title="MFA of those who have a password">
        <CountsChart
          title="MFA of those who have a password"
          bars={mfa}
          xTitle="Signs in with"
          yTitle="Users"
          legend={{ fine: "Protected", concern: "A password lets in" }}
          empty="Nobody has a password."
          height={HEIGHT}
        />
      </Titled>
      <Titled title="Age of passwords">
        <CountsChart
          title="Age of passwords"
          bars={passwordAges}
          xTitle="Since it was changed"
          yTitle="Users"
          legend={{ fine: "Below 90 days", concern: "90 days and more" }}
          empty="Nobody has a password."
          height={HEIGHT}
        />
      </Titled>
    </ColumnLayout>
  );
}

function Titled({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <Box variant="h3" padding={{ bottom: "xs" }}>
        {title}
      </Box>
      {children}
    </>
  );
}
