import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { deleteProvider, listProviders, type Provider } from "../../api/providers";
import { ProvidersHelp } from "../../help/ProvidersHelp";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { ResourceTable } from "../../parts/ResourceTable";
import { age } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";
import { usePage } from "../../shell/page";
import { AddProviderDialog } from "./AddProviderDialog";
import { ProviderDialog } from "./ProviderDialog";

/** Who else's word is taken for who somebody is. */
export function ProvidersPage() {
  usePage({
    title: "Identity providers",
    crumbs: [
      { text: "IAM", href: paths.dashboard },
      { text: "Identity providers", href: paths.providers },
    ],
    help: <ProvidersHelp />,
    contentType: "table",
  });
  const providers = useRemote(listProviders, []);
  const [selected, setSelected] = useState<Provider[]>([]);
  const [shown, setShown] = useState<Provider>();
  const [open, setOpen] = useState<"add" | "delete">();
  const [chosen] = selected;

  function reload(): void {
    setSelected([]);
    providers.reload();
  }

  return (
    <>
      <ResourceTable<Provider>
        variant="full-page"
        headingTag="h1"
        title="Identity providers"
        noun={["provider", "providers"]}
        description="Identities that are managed elsewhere, trusted to assume roles here."
        remote={providers}
        idOf={({ arn }) => arn}
        textOf={({ name, kind }) => `${name} ${kind}`}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh providers" loading={providers.isLoading} onClick={reload} />
            <Button disabled={chosen === undefined} onClick={() => setOpen("delete")}>
              Delete
            </Button>
            <Button variant="primary" onClick={() => setOpen("add")}>
              Add provider
            </Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: "Provider",
            cell: (provider) => <Link onFollow={() => setShown(provider)}>{provider.name}</Link>,
            sortingField: "name",
            isRowHeader: true,
          },
          { id: "kind", header: "Type", cell: ({ kind }) => kind, sortingField: "kind" },
          { id: "created", header: "Created", cell: ({ createdAt }) => age(createdAt) },
          { id: "arn", header: "ARN", cell: ({ arn }) => arn },
        ]}
      />
      {shown !== undefined && <ProviderDialog provider={shown} onClose={() => setShown(undefined)} />}
      {open === "add" && <AddProviderDialog onAdded={reload} onClose={() => setOpen(undefined)} />}
      {open === "delete" && chosen !== undefined && (
        <ConfirmDialog
          title={`Delete ${chosen.name}?`}
          confirm="Delete"
          typed="delete"
          onConfirm={async () => {
            await deleteProvider(chosen);
            notify("success", `Identity provider ${chosen.name} was deleted.`);
            reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          Roles that trust it can no longer be assumed by its word. The roles stay.
        </ConfirmDialog>
      )}
    </>
  );
}
