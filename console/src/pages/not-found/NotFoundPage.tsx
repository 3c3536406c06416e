import Alert from "@cloudscape-design/components/alert";
import { AppLink } from "../../parts/AppLink";
import { Page } from "../../parts/Page";
import { paths } from "../../paths";

export function NotFoundPage() {
  return (
    <Page title="Page not found" crumbs={[]} help={null}>
      <Alert type="info">
        There is no page at this address. Search above, or go to the <AppLink href={paths.home}>console home</AppLink>.
      </Alert>
    </Page>
  );
}
