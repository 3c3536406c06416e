import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { createVirtualMfaDevice, discardVirtualMfaDevice, enableMfaDevice, type NewMfaDevice } from "../api/mfaDevices";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { notify } from "../shell/notices";
import { Secret } from "./Secret";
import { areCodes, type Codes, TwoCodes } from "./TwoCodes";

interface EnrolMfaDialogProps {
  userName: string;
  label: string;
  onEnrolled: () => void;
  onClose: () => void;
}

/** Enrol an authenticator app: name it, scan the code, prove it by two codes. */
export function EnrolMfaDialog({ userName, label, onEnrolled, onClose }: EnrolMfaDialogProps) {
  const action = useAction();
  const [name, setName] = useState(userName === label ? userName : "root-account-mfa-device");
  const [device, setDevice] = useState<NewMfaDevice>();
  const [codes, setCodes] = useState<Codes>(["", ""]);

  const make = () => action.run(async () => setDevice(await createVirtualMfaDevice(name.trim())));
  const enable = () =>
    action.run(async () => {
      await enableMfaDevice(userName, device!.serialNumber, codes[0].trim(), codes[1].trim());
      notify("success", `MFA device ${name} is assigned to ${label}.`);
      onEnrolled();
      onClose();
    });

  function leave(): void {
    // A device that was made and not enrolled is nobody's: it would only keep its name from being used again.
    if (device !== undefined) void discardVirtualMfaDevice(device.serialNumber).catch(() => undefined);
    onClose();
  }

  return (
    <Modal
      visible
      header={`Assign MFA device to ${label}`}
      onDismiss={leave}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={leave}>
              Cancel
            </Button>
            {device === undefined ? (
              <Button variant="primary" loading={action.isBusy} disabled={name.trim() === ""} onClick={make}>
                Next
              </Button>
            ) : (
              <Button variant="primary" loading={action.isBusy} disabled={!areCodes(codes)} onClick={enable}>
                Add MFA
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Assigning the device" />}
        {device === undefined ? (
          <SpaceBetween size="m">
            <FormField label="Device name" constraintText="Letters, digits and _ + = , . @ -; unique in the account">
              <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
            </FormField>
            <Box color="text-body-secondary">
              The device is an authenticator app, which shows codes of six digits. Passkeys and security keys (FIDO2) cannot
              be assigned: the IAM API, which is all that this console calls, has no operation that registers one.
            </Box>
          </SpaceBetween>
        ) : (
          <SpaceBetween size="m">
            <Box>1. Scan this code with an authenticator app on a phone or computer.</Box>
            <img className="qr" src={device.picture} alt="QR code for the authenticator app" />
            <Box>
              Or enter this key by hand: <Secret what="secret key" value={device.seed} />
            </Box>
            <Box>2. Enter two codes that the app shows, one after the other.</Box>
            <TwoCodes codes={codes} onChange={setCodes} />
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Modal>
  );
}
