import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { deactivateMfaDevice, listMfaDevices } from "../api/mfaDevices";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { ResourceTable } from "../parts/ResourceTable";
import { age } from "../parts/time";
import { useRemote } from "../parts/useRemote";
import { notify } from "../shell/notices";
import { EnrolMfaDialog } from "./EnrolMfaDialog";
import { ResyncMfaDialog } from "./ResyncMfaDialog";

type Device = Awaited<ReturnType<typeof listMfaDevices>>[number];

/** AWS's quota. */
const MAX_DEVICES = 8;

const kindOf = (serialNumber: string): string =>
  serialNumber.includes(":mfa/") ? "Virtual (authenticator app)" : serialNumber.includes(":u2f/") ? "Security key" : "Hardware";

interface MfaSectionProps {
  /** The account id means the root user, to whom only the root user may say so. */
  userName: string;
  label?: string;
}

/** The MFA devices of a user. */
export function MfaSection({ userName, label = userName }: MfaSectionProps) {
  const devices = useRemote(() => listMfaDevices(userName), [userName]);
  const [selected, setSelected] = useState<Device[]>([]);
  const [open, setOpen] = useState<"enrol" | "resync" | "remove">();
  const [chosen] = selected;

  function reload(): void {
    setSelected([]);
    devices.reload();
  }

  return (
    <SpaceBetween size="s">
      {devices.data?.length === 0 && (
        <Alert type="info">Assign an MFA device, so that a password alone lets nobody in.</Alert>
      )}
      <ResourceTable<Device>
        title="Multi-factor authentication (MFA)"
        noun={["device", "devices"]}
        remote={devices}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        isShort
        idOf={({ SerialNumber }) => SerialNumber!}
        textOf={({ SerialNumber }) => SerialNumber!}
        empty="No MFA device is assigned."
        columns={[
          { id: "kind", header: "Type", cell: ({ SerialNumber }) => kindOf(SerialNumber!) },
          { id: "id", header: "Identifier", cell: ({ SerialNumber }) => SerialNumber, isRowHeader: true },
          { id: "enabled", header: "Assigned", cell: ({ EnableDate }) => age(EnableDate) },
        ]}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={chosen === undefined} onClick={() => setOpen("remove")}>
              Remove
            </Button>
            <Button disabled={chosen === undefined} onClick={() => setOpen("resync")}>
              Resync
            </Button>
            <Button disabled={(devices.data?.length ?? 0) >= MAX_DEVICES} onClick={() => setOpen("enrol")}>
              Assign MFA device
            </Button>
          </SpaceBetween>
        }
      />
      {open === "enrol" && <EnrolMfaDialog userName={userName} label={label} onEnrolled={reload} onClose={() => setOpen(undefined)} />}
      {open === "resync" && chosen !== undefined && (
        <ResyncMfaDialog userName={userName} serialNumber={chosen.SerialNumber!} onClose={() => setOpen(undefined)} />
      )}
      {open === "remove" && chosen !== undefined && (
        <ConfirmDialog
          title="Remove MFA device?"
          confirm="Remove"
          onConfirm={async () => {
            await deactivateMfaDevice(userName, chosen.SerialNumber!);
            notify("success", `The MFA device was removed from ${label}.`);
            reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          {label} can then sign in without a code of this device ({chosen.SerialNumber}).
        </ConfirmDialog>
      )}
    </SpaceBetween>
  );
}
