import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import { lazy, Suspense } from "react";
import { useNavigate } from "react-router-dom";
import { getAccountSummary } from "../../api/account";
import { listInventory } from "../../api/keyInventory";
import { listMfaDevices } from "../../api/mfaDevices";
import { SignInAddress } from "../../credentials/SignInAddress";
import { DashboardHelp } from "../../help/DashboardHelp";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { paths } from "../../paths";
import { useIdentity } from "../../session/useSession";
import { COUNTS } from "./counts";
import { KeysToActOn } from "./KeysToActOn";
import { Recommendations } from "./Recommendations";

const CallsChart = lazy(async () => ({ default: (await import("./CallsChart")).CallsChart }));
const KeyAgesChart = lazy(async () => ({ default: (await import("./KeyAgesChart")).KeyAgesChart }));

/** The state of the account's access at a glance. */
export function DashboardPage() {
  const { accountId, accountAlias, userName } = useIdentity();
  const navigate = useNavigate();
  const summary = useRemote(getAccountSummary, []);
  const inventory = useRemote(listInventory, []);
  const ownDevices = useRemote(async () => (userName === null ? [] : listMfaDevices(userName)), [userName]);

  return (
    <Page
      title="IAM Dashboard"
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Dashboard", href: paths.dashboard },
      ]}
      help={<DashboardHelp />}
    >
      <Recommendations summary={summary} inventory={inventory} ownDevices={ownDevices} userName={userName} />
      <ColumnLayout columns={2}>
        <Container fitHeight header={<Header variant="h2">IAM resources</Header>}>
          {summary.error !== undefined && <Problem error={summary.error} what="Counting" onRetry={summary.reload} />}
          {summary.isLoading && summary.data === undefined && <Waiting what="the counts" />}
          {summary.data !== undefined && (
            <KeyValuePairs
              columns={3}
              items={COUNTS.map(({ label, key, href }) => ({
                label,
                value:
                  href === undefined ? (
                    String(summary.data?.[key] ?? 0)
                  ) : (
                    <Link
                      variant="awsui-value-large"
                      href={href}
                      ariaLabel={`${label}: ${summary.data?.[key] ?? 0}`}
                      onFollow={(event) => {
                        event.preventDefault();
                        void navigate(href);
                      }}
                    >
                      {summary.data?.[key] ?? 0}
                    </Link>
                  ),
              }))}
            />
          )}
        </Container>
        <Container fitHeight header={<Header variant="h2">AWS account</Header>}>
          <KeyValuePairs
            items={[
              { label: "Account ID", value: accountId },
              { label: "Account alias", value: accountAlias ?? "None" },
              { label: "Sign-in URL for IAM users in this account", value: <SignInAddress /> },
            ]}
          />
        </Container>
        <Container
          fitHeight
          header={
            <Header variant="h2" description="Active keys of users, against the 90 days after which they are to be rotated">
              Ages of access keys
            </Header>
          }
        >
          <Suspense fallback={<Waiting what="the chart" />}>
            <KeyAgesChart inventory={inventory} />
          </Suspense>
        </Container>
        <Container fitHeight header={<Header variant="h2" description="The last seven days, from the event history">API calls by day</Header>}>
          <Suspense fallback={<Waiting what="the chart" />}>
            <CallsChart />
          </Suspense>
        </Container>
      </ColumnLayout>
      <KeysToActOn inventory={inventory} />
    </Page>
  );
}
