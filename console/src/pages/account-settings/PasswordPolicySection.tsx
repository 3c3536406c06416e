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
          description={own === undefined ? "AWS's default holds." : "This account has rules of its own."}
          actions={
            policy.error === undefined && (
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
      ) : policy.isLoading && own === undefined ? (
        <Waiting what="the password policy" />
      ) : (
        <KeyValuePairs
          columns={3}
          items={[
            { label: "Minimum length", value: own?.MinimumPasswordLength ?? 8 },
            { label: "Must contain", value: own === undefined ? "Three of the four kinds of characters" : kinds.join(", ") || "Anything" },
            { label: "Expires", value: own?.ExpirePasswords ? `After ${own.MaxPasswordAge} days` : "Never" },
            { label: "Former passwords refused", value: own?.PasswordReusePrevention ?? "None" },
            { label: "Users may change their own", value: own === undefined || own.AllowUsersToChangePassword ? "Yes" : "No" },
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
            notify("success", "AWS's default password policy holds.");
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
