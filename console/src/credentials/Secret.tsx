import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

interface SecretProps {
  /** As in "Show password". */
  what: string;
  value: string;
  onCopy?: () => void;
}

/** A secret that is hidden until it is asked for; it can be copied unseen. */
export function Secret({ what, value, onCopy }: SecretProps) {
  const [isShown, setShown] = useState(false);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <span onClick={onCopy} role="presentation">
        <CopyToClipboard
          variant="icon"
          textToCopy={value}
          copyButtonAriaLabel={`Copy ${what}`}
          copySuccessText="Copied"
          copyErrorText="Copy failed"
        />
      </span>
      {isShown ? <Box variant="code">{value}</Box> : <span aria-label={`The ${what} is hidden`} role="img">{"•".repeat(16)}</span>}
      <Button variant="inline-link" onClick={() => setShown(!isShown)} ariaLabel={`${isShown ? "Hide" : "Show"} ${what}`}>
        {isShown ? "Hide" : "Show"}
      </Button>
    </SpaceBetween>
  );
}
