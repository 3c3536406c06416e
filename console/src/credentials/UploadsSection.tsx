import { age } from "../parts/time";
import { notify } from "../shell/notices";
import { type StatusItem, StatusListSection } from "./StatusListSection";
import { UploadDialog } from "./UploadDialog";

export interface Upload extends StatusItem {
  uploadedAt: Date | undefined;
}

interface UploadsSectionProps {
  title: string;
  noun: [string, string];
  owner: string;
  list: () => Promise<Upload[]>;
  upload: (text: string) => Promise<unknown>;
  setStatus: (id: string, status: "Active" | "Inactive") => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
  uploadLabel: string;
  placeholder: string;
}

/** Credentials whose public half is uploaded: SSH keys and certificates. */
export function UploadsSection({ upload, uploadLabel, placeholder, ...list }: UploadsSectionProps) {
  const [noun] = list.noun;
  return (
    <StatusListSection<Upload>
      {...list}
      columns={[
        { id: "id", header: "ID", cell: ({ id }) => id, isRowHeader: true },
        { id: "uploaded", header: "Uploaded", cell: ({ uploadedAt }) => age(uploadedAt) },
      ]}
      add={{
        label: `Upload ${noun}`,
        dialog: ({ onDone, onClose }) => (
          <UploadDialog
            title={`Upload ${noun}`}
            label={uploadLabel}
            placeholder={placeholder}
            onUpload={async (text) => {
              await upload(text);
              notify("success", `The ${noun} was uploaded.`);
              onDone();
            }}
            onClose={onClose}
          />
        ),
      }}
    />
  );
}
