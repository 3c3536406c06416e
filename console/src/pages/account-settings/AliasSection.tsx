import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { getAlias, removeAlias, setAlias } from "../../api/account";
import { aliasFault } from "../../api/accountAlias";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { useIdentity } from "../../session/useSession";
import { notify } from "../../shell/notices";

export function AliasSection() {
  const { accountId } = useIdentity();
  const alias = useRemote(getAlias, []);
  const [open, setOpen] = useState<"set" | "remove">();
  const [name, setName] = useState("");
  const fault = aliasFault(name.trim());
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            alias.error === undefined && (
              <SpaceBetween direction="horizontal" size="xs">
                {alias.data !== undefined && <Button onClick={() => setOpen("remove")}>Remove alias</Button>}
                <Button
                  onClick={() => {
                    setName(alias.data ?? "");
                    setOpen("set");
                  }}
                >
                  {alias.data === undefined ? "Create alias" : "Change alias"}
                </Button>
              </SpaceBetween>
            )
          }
        >
          Account alias
        </Header>
      }
    >
      {alias.error !== undefined ? (
        <Problem error={alias.error} what="Loading the alias" onRetry={alias.reload} />
      ) : (
        <KeyValuePairs
          columns={2}
          items={[
            { label: "Account ID", value: accountId },
            { label: "Account alias", value: alias.data ?? (alias.isLoading ? "…" : "None") },
          ]}
        />
      )}
      {open === "set" && (
        <ConfirmDialog
          title="Account alias"
          confirm="Save"
          isValid={fault === undefined}
          onConfirm={async () => {
            await setAlias(name.trim());
            notify("success", `The account's alias is ${name.trim()}.`);
            alias.reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          <FormField
            label="Alias"
            constraintText="3 to 63 lower-case letters, digits and hyphens"
            errorText={name.trim() === "" ? undefined : fault}
          >
            <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
          </FormField>
        </ConfirmDialog>
      )}
      {open === "remove" && (
        <ConfirmDialog
          title="Remove the account alias?"
          confirm="Remove"
          onConfirm={async () => {
            await removeAlias(alias.data!);
            notify("success", "The alias was removed.");
            alias.reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          Users then sign in with the account ID, {accountId}.
        </ConfirmDialog>
      )}
    </Container>
  );
}
