import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { getPasswordPolicy, removePasswordPolicy } from "../../api/account";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { notify } from "../../shell/notices";
import { PasswordPolicyDialog } from "./PasswordPolicyDialog";

export function PasswordPolicySection() {
  const policy = useRemote(getPasswordPolicy, []);
  const [open, setOpen] = useState<"edit" | "remove">();
  const own = policy.data;
  const isRead = policy.error === undefined && (own !== undefined || !policy.isLoading);
  const kinds = [
    own?.RequireUppercaseCharacters && "upper case",
    own?.RequireLowercaseCharacters && "lower case",
    own?.RequireNumbers && "digits",
    own?.RequireSymbols && "symbols",
  ].filter((kind) => typeof kind === "string");

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={isRead && (own === undefined ? "The AWS default applies." : "This account has its own rules.")}
          actions={
            isRead && (
              <SpaceBetween direction="horizontal" size="xs">
                {own !== undefined && <Button onClick={() => setOpen("remove")}>Use the default</Button>}
                <Button onClick={() => setOpen("edit")}>Edit</Button>
              </SpaceBetween>
            )
          }
        >
          Password policy
        </Header>
      }
    >
      {policy.error !== undefined ? (
        <Problem error={policy.error} what="Loading the password policy" onRetry={policy.reload} />
      ) : !isRead ? (
        <Waiting what="the password policy" />
      ) : (
        <KeyValuePairs
          columns={3}
          items={[
            { label: "Minimum length", value: own?.MinimumPasswordLength ?? 8 },
            { label: "Must contain", value: own === undefined ? "Three of the four kinds of characters" : kinds.join(", ") || "Anything" },
            { label: "Expires", value: own?.ExpirePasswords ? `After ${own.MaxPasswordAge} days` : "Never" },
            { label: "Password reuse prevention", value: own?.PasswordReusePrevention ? `The last ${own.PasswordReusePrevention}` : "None" },
            {
              label: "Users can change their own password",
              value: own?.AllowUsersToChangePassword ? "Yes" : "Only users with a policy that allows iam:ChangePassword",
            },
          ]}
        />
      )}
      {open === "edit" && <PasswordPolicyDialog policy={own} onSaved={policy.reload} onClose={() => setOpen(undefined)} />}
      {open === "remove" && (
        <ConfirmDialog
          title="Use the default password policy?"
          confirm="Use the default"
          onConfirm={async () => {
            await removePasswordPolicy();
            notify("success", "The AWS default password policy applies.");
            policy.reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          The account&apos;s own rules are deleted. Passwords that are set stay.
        </ConfirmDialog>
      )}
    </Container>
  );
}
