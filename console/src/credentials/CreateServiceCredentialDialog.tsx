import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { createServiceCredential, type NewServiceCredential } from "../api/serviceCredentials";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { ServiceSecretDialog } from "./ServiceSecretDialog";
import type { ItemDialogProps } from "./StatusListSection";
import { SERVICES, serviceLabel } from "./services";

const OPTIONS = Object.keys(SERVICES).map((value) => ({ value, label: serviceLabel(value) }));
/** The API's own bounds of CredentialAgeDays. */
const MAX_DAYS = 36_600;

/** Empty is no end at all. */
function daysIn(text: string): number | undefined {
  if (text.trim() === "") return undefined;
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
    throw new Error(`The days are a whole number from 1 to ${MAX_DAYS}, or nothing for a key that does not end.`);
  }
  return days;
}

/** Make a credential for a service that is chosen, then show its secret this once. */
export function CreateServiceCredentialDialog({ userName, onDone, onClose }: ItemDialogProps & { userName: string }) {
  const [option, setOption] = useState(OPTIONS[0]!);
  const [days, setDays] = useState("30");
  const [made, setMade] = useState<NewServiceCredential>();
  const mayEnd = SERVICES[option.value]!.kind === "API key";

  async function create(): Promise<void> {
    setMade(await createServiceCredential(userName, option.value, mayEnd ? daysIn(days) : undefined));
    onDone();
  }

  if (made !== undefined) return <ServiceSecretDialog title="Credential generated" credential={made} onClose={onClose} />;
  return (
    <ConfirmDialog title="Generate a service-specific credential" confirm="Generate credential" onConfirm={create} onClose={onClose} staysOpen>
      <FormField label="Service">
        <Select
          options={OPTIONS}
          selectedOption={option}
          onChange={({ detail }) => setOption(OPTIONS.find(({ value }) => value === detail.selectedOption.value)!)}
        />
      </FormField>
      {mayEnd && (
        <FormField label="Expires after, in days – optional" constraintText="Empty for a key that does not expire. Shorter is safer.">
          <Input type="number" value={days} onChange={({ detail }) => setDays(detail.value)} />
        </FormField>
      )}
    </ConfirmDialog>
  );
}
