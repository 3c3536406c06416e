import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type AccessKey, KEYS_PER_USER, listKeysWithUse, type Owner, setKeyStatus } from "../api/accessKeys";
import { describesKey, readDescription } from "../api/keyDescription";
import { listUserTags, untagUser } from "../api/users";
import { AppButton } from "../parts/AppButton";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { useRemote } from "../parts/useRemote";
import { Waiting } from "../parts/Waiting";
import { notify } from "../shell/notices";
import { AccessKeyPanel } from "./AccessKeyPanel";
import { DeactivateKeyDialog } from "./DeactivateKeyDialog";
import { DeleteKeyDialog } from "./DeleteKeyDialog";
import { EditDescriptionDialog } from "./EditDescriptionDialog";

interface AccessKeysSectionProps {
  owner: Owner;
  createPath: string;
  rotatePath: (accessKeyId: string) => string;
}

interface Open {
  what: "deactivate" | "delete" | "describe";
  key: AccessKey;
}

/** A user's access keys: status, age, last use and description, and what can be done with each. */
export function AccessKeysSection({ owner, createPath, rotatePath }: AccessKeysSectionProps) {
  const keys = useRemote(() => listKeysWithUse(owner), [owner ?? ""]);
  const tags = useRemote(async () => (owner === undefined ? [] : listUserTags(owner)), [owner ?? ""]);
  const action = useAction();
  const [open, setOpen] = useState<Open>();
  const isFull = (keys.data?.length ?? 0) >= KEYS_PER_USER;
  const descriptionOf = (id: string) => readDescription(tags.data?.find(({ Key }) => Key === id)?.Value ?? "");
  const orphans = (tags.data ?? [])
    .map(({ Key }) => Key)
    .filter((key) => describesKey(key) && keys.data?.every(({ AccessKeyId }) => AccessKeyId !== key));

  function reload(): void {
    keys.reload();
    tags.reload();
  }

  const activate = (key: AccessKey) =>
    action.run(async () => {
      await setKeyStatus(owner, key.AccessKeyId!, "Active");
      notify("success", `Access key ${key.AccessKeyId} is active.`);
      keys.reload();
    });

  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={keys.data === undefined ? "" : `(${keys.data.length})`}
          description="Use access keys to send programmatic calls to AWS from the CLI, SDKs or tools. A user has two at most, active or not."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel="Refresh access keys" onClick={reload} />
              <AppButton
                href={createPath}
                disabled={keys.data === undefined || isFull}
                {...(isFull && { disabledReason: `There are ${KEYS_PER_USER} keys. Rotate one, or delete one first.` })}
              >
                Create access key
              </AppButton>
            </SpaceBetween>
          }
        >
          Access keys
        </Header>
      }
    >
      <SpaceBetween size="l">
        {owner === undefined && (
          <Alert type="warning">
            Do not use access keys of the root user: nothing can limit what they do. Make an IAM user instead.
          </Alert>
        )}
        {action.error !== undefined && <Problem error={action.error} what="The change" />}
        {keys.error !== undefined && <Problem error={keys.error} what="Loading the access keys" onRetry={keys.reload} />}
        {tags.error !== undefined && <Problem error={tags.error} what="Loading the description tags" onRetry={tags.reload} />}
        {keys.isLoading && keys.data === undefined && <Waiting what="access keys" />}
        {keys.data?.length === 0 && (
          <Box textAlign="center" padding="m">
            <Box variant="strong">No access keys</Box>
            <Box padding={{ vertical: "s" }}>
              Avoid long-term credentials where something shorter-lived does the work; where the CLI needs one, make it
              here.
            </Box>
            <AppButton href={createPath}>Create access key</AppButton>
          </Box>
        )}
        {keys.data?.map((key) => (
          <AccessKeyPanel
            key={key.AccessKeyId}
            accessKey={key}
            description={descriptionOf(key.AccessKeyId!)}
            rotateHref={rotatePath(key.AccessKeyId!)}
            isDescribable={owner !== undefined}
            onAction={(what) => (what === "activate" ? void activate(key) : setOpen({ what, key }))}
          />
        ))}
        {orphans.length > 0 && (
          <Alert
            type="info"
            action={
              <Button
                loading={action.isBusy}
                onClick={() =>
                  action.run(async () => {
                    await untagUser(owner!, orphans);
                    notify("success", "The left-over tags were removed.");
                    tags.reload();
                  })
                }
              >
                Remove these tags
              </Button>
            }
          >
            Tags of this user describe keys that are gone: {orphans.join(", ")}
          </Alert>
        )}
      </SpaceBetween>
      {open?.what === "deactivate" && (
        <DeactivateKeyDialog owner={owner} accessKey={open.key} onDone={reload} onClose={() => setOpen(undefined)} />
      )}
      {open?.what === "delete" && (
        <DeleteKeyDialog owner={owner} accessKey={open.key} onDone={reload} onClose={() => setOpen(undefined)} />
      )}
      {open?.what === "describe" && owner !== undefined && (
        <EditDescriptionDialog
          owner={owner}
          id={open.key.AccessKeyId!}
          tags={descriptionOf(open.key.AccessKeyId!)}
          onDone={tags.reload}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Container>
  );
}
