import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect } from "react";
import { useBlocker } from "react-router-dom";
import { paths } from "../paths";

/** Ask before a secret that was neither downloaded nor copied goes out of sight for good. */
export function UnsavedSecret({ isAtRisk }: { isAtRisk: boolean }) {
  // Who signs out, or whose session has ended, is not kept in.
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isAtRisk && nextLocation.pathname !== currentLocation.pathname && nextLocation.pathname !== paths.signIn,
  );

  useEffect(() => {
    if (!isAtRisk) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isAtRisk]);

  if (blocker.state !== "blocked") return null;
  return (
    <Modal
      visible
      header="Leave without saving the secret access key?"
      onDismiss={() => blocker.reset()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => blocker.proceed()}>
              Leave
            </Button>
            <Button variant="primary" onClick={() => blocker.reset()}>
              Stay
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      You have neither downloaded nor copied it, and it cannot be shown again. Without it the key is of no use: you would
      have to delete it and make another.
    </Modal>
  );
}
