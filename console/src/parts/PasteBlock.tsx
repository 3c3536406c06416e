import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";

interface PasteBlockProps {
  label: string;
  /** What is copied. */
  text: string;
  /** What is shown in its place, where that must not be seen. */
  shown?: string;
  onCopy?: (() => void) | undefined;
}

/** Lines to paste into a terminal, with a button that copies them. */
export function PasteBlock({ label, text, shown = text, onCopy }: PasteBlockProps) {
  return (
    <div className="paste">
      <pre tabIndex={0} role="region" aria-label={label}>
        {shown}
      </pre>
      <span className="paste-copy" onClick={onCopy} role="presentation">
        <CopyToClipboard
          variant="icon"
          textToCopy={text}
          copyButtonAriaLabel={`Copy: ${label}`}
          copySuccessText="Copied"
          copyErrorText="Copy failed: select the lines and copy them"
        />
      </span>
    </div>
  );
}
