import { type Group, listGroups } from "../api/groups";
import { ResourceTable } from "../parts/ResourceTable";
import { age } from "../parts/time";
import { useRemote } from "../parts/useRemote";

interface GroupPickerProps {
  selected: Group[];
  onChange: (groups: Group[]) => void;
  without?: string[];
}

export function GroupPicker({ selected, onChange, without = [] }: GroupPickerProps) {
  const groups = useRemote(listGroups, []);
  return (
    <ResourceTable<Group>
      title="Groups"
      headingTag="h3"
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
