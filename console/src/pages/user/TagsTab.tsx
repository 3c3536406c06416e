import { describesKey } from "../../api/keyDescription";
import { listUserTags, tagUser, untagUser } from "../../api/users";
import { TagsTable } from "../../parts/TagsTable";
import { useRemote } from "../../parts/useRemote";

export function TagsTab({ userName }: { userName: string }) {
  const remote = useRemote(() => listUserTags(userName), [userName]);
  return (
    <TagsTable
      remote={remote}
      onTag={(tags) => tagUser(userName, tags)}
      onUntag={(keys) => untagUser(userName, keys)}
      noteOf={({ Key }) => (describesKey(Key) ? "Describes an access key" : "")}
    />
  );
}
