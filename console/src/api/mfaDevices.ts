import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ResyncMFADeviceCommand,
} from "@aws-sdk/client-iam";
import { orIfMissing } from "./failures";
import { iam } from "./iamClient";
import { everyPage } from "./pages";

export interface NewMfaDevice {
  serialNumber: string;
  /** The seed for those who cannot scan. */
  seed: string;
  /** The PNG of the QR code as a data: URL. */
  picture: string;
}

export const listMfaDevices = (owner: string | undefined) =>
  everyPage(
    (Marker) => iam().send(new ListMFADevicesCommand({ ...(owner !== undefined && { UserName: owner }), Marker })),
    (page) => page.MFADevices,
  );

/** Make a device that is nobody's yet; what is shown of it is shown once. */
export async function createVirtualMfaDevice(VirtualMFADeviceName: string): Promise<NewMfaDevice> {
  const { VirtualMFADevice: made } = await iam().send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName }));
  return {
    serialNumber: made!.SerialNumber!,
    seed: new TextDecoder().decode(made!.Base32StringSeed!),
    picture: `data:image/png;base64,${btoa(Array.from(made!.QRCodePNG!, (byte) => String.fromCharCode(byte)).join(""))}`,
  };
}

export const enableMfaDevice = (UserName: string, SerialNumber: string, code1: string, code2: string) =>
  iam().send(
    new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1: code1, AuthenticationCode2: code2 }),
  );

export const resyncMfaDevice = (UserName: string, SerialNumber: string, code1: string, code2: string) =>
  iam().send(
    new ResyncMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1: code1, AuthenticationCode2: code2 }),
  );

export const discardVirtualMfaDevice = (SerialNumber: string) =>
  iam().send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));

/** Take a device from its user, and delete it where it is a virtual one, as AWS's console does. */
export async function deactivateMfaDevice(UserName: string, SerialNumber: string): Promise<void> {
  await iam().send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
  if (SerialNumber.includes(":mfa/")) await orIfMissing(discardVirtualMfaDevice(SerialNumber), undefined);
}
