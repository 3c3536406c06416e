import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";

export type Codes = [string, string];

export const areCodes = (codes: Codes): boolean => codes.every((code) => /^\d{6}$/.test(code.trim())) && codes[0] !== codes[1];

/** Two codes in a row, by which a device shows that it has the seed and what its clock says. */
export function TwoCodes({ codes, onChange }: { codes: Codes; onChange: (codes: Codes) => void }) {
  const [first, second] = codes;
  return (
    <ColumnLayout columns={2}>
      <FormField label="MFA code 1" constraintText="Six digits">
        <Input value={first} onChange={({ detail }) => onChange([detail.value, second])} inputMode="numeric" autoComplete={false} />
      </FormField>
      <FormField label="MFA code 2" constraintText="The next one, half a minute later">
        <Input value={second} onChange={({ detail }) => onChange([first, detail.value])} inputMode="numeric" autoComplete={false} />
      </FormField>
    </ColumnLayout>
  );
}
