import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { AppLink } from "../../parts/AppLink";
import { Page } from "../../parts/Page";
import { paths } from "../../paths";
import { useIdentity } from "../../session/useSession";
import { GeneralHelp } from "../../shell/GeneralHelp";
import { SERVICES } from "../../shell/places";

/** Where one arrives: the services, and who one is. */
export function HomePage() {
  const { accountId, accountAlias, userName, arn } = useIdentity();
  return (
    <Page title="Console home" crumbs={[]} help={<GeneralHelp />}>
      <ColumnLayout columns={2}>
        <Container header={<Header variant="h2">Services</Header>} fitHeight>
          <SpaceBetween size="m">
            {SERVICES.map(({ name, href, description }) => (
              <div key={name}>
                <AppLink href={href} fontSize="heading-s">
                  {name}
                </AppLink>
                <Box color="text-body-secondary">{description}</Box>
              </div>
            ))}
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">You</Header>} fitHeight>
          <KeyValuePairs
            items={[
              { label: "User", value: userName ?? "Root user" },
              { label: "Account ID", value: accountId },
              { label: "Account alias", value: accountAlias ?? "None" },
              { label: "ARN", value: <Box variant="code">{arn}</Box> },
              {
                label: "To do",
                value: <AppLink href={paths.myCredentials}>My security credentials</AppLink>,
              },
            ]}
          />
        </Container>
      </ColumnLayout>
    </Page>
  );
}
