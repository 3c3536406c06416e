import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";

interface PasteBlockProps {
  label: string;
  /** What is copied. */
  text: string;
  /** What is shown in its place, where that must not be seen. */
  shown?: string;
}

/** Lines to paste into a terminal, with a button that copies them. */
export function PasteBlock({ label, text, shown = text }: PasteBlockProps) {
  return (
    <div className="paste">
      <Box variant="pre">
        <span tabIndex={0} role="region" aria-label={label} className="paste-text">
          {shown}
        </span>
      </Box>
      <div className="paste-copy">
        <CopyToClipboard
          variant="icon"
          textToCopy={text}
          copyButtonAriaLabel={`Copy: ${label}`}
          copySuccessText="Copied"
          copyErrorText="The browser did not copy it: mark the lines and copy them"
        />
      </div>
    </div>
  );
}
