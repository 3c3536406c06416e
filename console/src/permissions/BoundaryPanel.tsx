import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { AppLink } from "../parts/AppLink";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { paths } from "../paths";
import { notify } from "../shell/notices";
import { BoundaryDialog } from "./BoundaryDialog";
import type { BoundedBearer } from "./bearer";
import { boundaryMeaning } from "./boundaryChoice";

interface BoundaryPanelProps {
  bearer: BoundedBearer;
  /** The policy's ARN, where there is a boundary. */
  boundary: string | undefined;
  onChange: () => void;
}

/** The policy that bounds what a user or a role may do: shown, set, changed, removed. */
export function BoundaryPanel({ bearer, boundary, onChange }: BoundaryPanelProps) {
  const [open, setOpen] = useState<"set" | "remove">();
  const { kind, name } = bearer;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={boundaryMeaning(kind)}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {boundary !== undefined && <Button onClick={() => setOpen("remove")}>Remove boundary</Button>}
              <Button onClick={() => setOpen("set")}>{boundary === undefined ? "Set boundary" : "Change boundary"}</Button>
            </SpaceBetween>
          }
        >
          Permissions boundary {boundary === undefined ? "(not set)" : "(set)"}
        </Header>
      }
    >
      {boundary === undefined ? (
        <Box color="text-body-secondary">There is no boundary.</Box>
      ) : (
        <AppLink href={paths.policy(boundary)}>{boundary}</AppLink>
      )}
      {open === "set" && (
        <BoundaryDialog
          name={name}
          onSet={async (arn) => {
            await bearer.setBoundary(arn);
            notify("success", `Permissions boundary of ${name} set.`);
            onChange();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open === "remove" && (
        <ConfirmDialog
          title="Remove permissions boundary?"
          confirm="Remove"
          onConfirm={async () => {
            await bearer.removeBoundary();
            notify("success", `Permissions boundary of ${name} removed.`);
            onChange();
          }}
          onClose={() => setOpen(undefined)}
        >
          {name} may then do all that its policies allow.
        </ConfirmDialog>
      )}
    </Container>
  );
}
