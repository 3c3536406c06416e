import { AccountHelp } from "../../help/AccountHelp";
import { Page } from "../../parts/Page";
import { paths } from "../../paths";
import { AliasSection } from "./AliasSection";
import { PasswordPolicySection } from "./PasswordPolicySection";

/** What holds for the whole account. */
export function AccountSettingsPage() {
  return (
    <Page
      title="Account settings"
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Account settings", href: paths.accountSettings },
      ]}
      help={<AccountHelp />}
    >
      <PasswordPolicySection />
      <AliasSection />
    </Page>
  );
}
