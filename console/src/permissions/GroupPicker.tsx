import { type Group, listGroups } from "../api/groups";
import { ResourceTable } from "../parts/ResourceTable";
import { age } from "../parts/time";
import { useRemote } from "../parts/useRemote";

interface GroupPickerProps {
  selected: Group[];
  onChange: (groups: Group[]) => void;
  without?: string[];
  /** The level below the heading that it stands under. */
  headingTag?: "h2" | "h3";
}

export function GroupPicker({ selected, onChange, without = [], headingTag = "h3" }: GroupPickerProps) {
  const groups = useRemote(listGroups, []);
  return (
    <ResourceTable<Group>
      title="Groups"
      headingTag={headingTag}
      noun={["group", "groups"]}
      pageSize={10}
      remote={{ ...groups, data: groups.data?.filter(({ GroupName }) => !without.includes(GroupName!)) }}
      selection={{ type: "multi", items: selected, onChange }}
      idOf={({ GroupName }) => GroupName!}
      textOf={({ GroupName }) => GroupName!}
      empty="There are no groups to choose from."
      columns={[
        { id: "name", header: "Group name", cell: ({ GroupName }) => GroupName, sortingField: "GroupName", isRowHeader: true },
        { id: "created", header: "Created", cell: ({ CreateDate }) => age(CreateDate) },
      ]}
    />
  );
}
