import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { AccessKey, Owner } from "../../api/accessKeys";
import { type KeyTag, readDescription } from "../../api/keyDescription";
import { listUserTags } from "../../api/users";
import { areTagsRight, DescriptionEditor } from "../../credentials/DescriptionEditor";
import { type IssuedKey, issueKey } from "../../credentials/issueKey";
import { renewedTags } from "../../credentials/keyTags";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { useRemote } from "../../parts/useRemote";
import { KeyFacts } from "./KeyFacts";

interface NewKeyStepProps {
  owner: Owner;
  old: AccessKey;
  onIssued: (issued: IssuedKey) => void;
}

/** Make the key that takes the old one's place, with the same description and new dates. */
export function NewKeyStep({ owner, old, onIssued }: NewKeyStepProps) {
  const action = useAction();
  const [edited, setEdited] = useState<KeyTag[]>();
  const before = useRemote(
    async () => (owner === undefined ? "" : ((await listUserTags(owner)).find(({ Key }) => Key === old.AccessKeyId)?.Value ?? "")),
    [owner ?? ""],
  );
  const tags = edited ?? (before.isLoading ? undefined : renewedTags(readDescription(before.data ?? ""), owner ?? ""));

  const make = () =>
    action.run(async () => {
      if (tags === undefined || !areTagsRight(tags)) throw new Error("Correct the tags that are marked.");
      onIssued(await issueKey(owner, tags));
    });

  return (
    <SpaceBetween size="l">
      {action.error !== undefined && <Problem error={action.error} what="Creating the new key" />}
      <Container header={<Header variant="h2">The old key</Header>}>
        <KeyFacts accessKey={old} />
      </Container>
      {owner !== undefined && (
        <Container header={<Header variant="h2">Description tags of the new key</Header>}>
          {before.error !== undefined && <Problem error={before.error} what="Loading the old key's description tags" />}
          {tags !== undefined && <DescriptionEditor tags={tags} onChange={setEdited} />}
        </Container>
      )}
      <Button variant="primary" loading={action.isBusy} disabled={tags === undefined} onClick={make}>
        Create the new key
      </Button>
    </SpaceBetween>
  );
}
