import { useState } from "react";
import { resyncMfaDevice } from "../api/mfaDevices";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { notify } from "../shell/notices";
import { areCodes, type Codes, TwoCodes } from "./TwoCodes";

interface ResyncMfaDialogProps {
  userName: string;
  serialNumber: string;
  onClose: () => void;
}

/** Learn again what a device's clock says. */
export function ResyncMfaDialog({ userName, serialNumber, onClose }: ResyncMfaDialogProps) {
  const [codes, setCodes] = useState<Codes>(["", ""]);
  return (
    <ConfirmDialog
      title="Resync MFA device"
      confirm="Resync"
      onConfirm={async () => {
        if (!areCodes(codes)) throw new Error("Enter two codes of six digits, one after the other.");
        await resyncMfaDevice(userName, serialNumber, codes[0].trim(), codes[1].trim());
        notify("success", "The MFA device is in step again.");
      }}
      onClose={onClose}
    >
      <div>When its codes are refused although they are right, the device&apos;s clock has gone astray.</div>
      <TwoCodes codes={codes} onChange={setCodes} />
    </ConfirmDialog>
  );
}
