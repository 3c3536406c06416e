import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type AccessKey, KEYS_PER_USER, type Owner } from "../../api/accessKeys";
import { listUserTags } from "../../api/users";
import { AppButton } from "../../parts/AppButton";
import { useRemote } from "../../parts/useRemote";
import { KeyFacts } from "./KeyFacts";
import type { Other } from "./otherKey";

interface TwoKeysProps {
  owner: Owner;
  old: AccessKey;
  other: Exclude<Other, { kind: "none" | "successor" }>;
  rotateOther: string;
  keysHref: string;
  onChoose: (id: string) => void;
}

/** Two keys, so that none can be made: what the other one is, and what to do about it. */
export function TwoKeys({ owner, old, other: { kind, key }, rotateOther, keysHref, onChoose }: TwoKeysProps) {
  const tags = useRemote(async () => (owner === undefined ? [] : listUserTags(owner)), [owner ?? ""]);
  const descriptionOf = ({ AccessKeyId }: AccessKey): string | undefined =>
    tags.data === undefined ? undefined : (tags.data.find(({ Key }) => Key === AccessKeyId)?.Value ?? "None");
  const id = key.AccessKeyId!;
  return (
    <SpaceBetween size="l">
      <Alert type="warning" header={`There are ${KEYS_PER_USER} access keys, so no new one can be created`}>
        {kind === "older" && (
          <>
            {id} is older than {old.AccessKeyId}, so it is not its replacement. If {old.AccessKeyId} was created to
            replace it, finish that rotation. If it is no longer needed, delete it; then you can rotate{" "}
            {old.AccessKeyId}.
          </>
        )}
        {kind === "inactive" && (
          <>
            {id} is newer but inactive, so nothing can use it. If it is the replacement, activate it. If it is no longer
            needed, delete it; then you can create a new key here.
          </>
        )}
        {kind === "candidate" && (
          <>
            {id} is newer. If it was created to replace {old.AccessKeyId}, continue with it. If it is for something else,
            delete one of the keys that is no longer needed before you rotate the other.
          </>
        )}
      </Alert>
      <ColumnLayout columns={2}>
        <Container fitHeight header={<Header variant="h2">Key to rotate</Header>}>
          <KeyFacts accessKey={old} description={descriptionOf(old)} />
        </Container>
        <Container fitHeight header={<Header variant="h2">Other key</Header>}>
          <KeyFacts accessKey={key} description={descriptionOf(key)} />
        </Container>
      </ColumnLayout>
      <SpaceBetween direction="horizontal" size="xs">
        {kind === "candidate" && (
          <Button variant="primary" onClick={() => onChoose(id)}>
            {id} is the replacement
          </Button>
        )}
        {kind === "older" && (
          <AppButton variant="primary" href={rotateOther}>
            Rotate {id}
          </AppButton>
        )}
        <AppButton href={keysHref}>Manage the access keys</AppButton>
      </SpaceBetween>
    </SpaceBetween>
  );
}
