import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import { useLocation, useNavigate } from "react-router-dom";
import { paths } from "../paths";

const IAM: SideNavigationProps.Item[] = [
  { type: "link", text: "Dashboard", href: paths.dashboard },
  {
    type: "section",
    text: "Access management",
    items: [
      { type: "link", text: "User groups", href: paths.groups },
      { type: "link", text: "Users", href: paths.users },
      { type: "link", text: "Roles", href: paths.roles },
      { type: "link", text: "Policies", href: paths.policies },
      { type: "link", text: "Identity providers", href: paths.providers },
      { type: "link", text: "Account settings", href: paths.accountSettings },
    ],
  },
  {
    type: "section",
    text: "Access reports",
    items: [
      { type: "link", text: "Policy simulator", href: paths.simulator },
      { type: "link", text: "Credential report", href: paths.credentialReport },
      { type: "link", text: "Event history", href: paths.events },
    ],
  },
  { type: "divider" },
  { type: "link", text: "My security credentials", href: paths.myCredentials },
];

/** Where a page belongs whose address is not below its list's. */
const MADE_UNDER: Record<string, string> = {
  [paths.createUser]: paths.users,
  [paths.createRole]: paths.roles,
  [paths.createPolicy]: paths.policies,
};

/** The pages of IAM and CloudTrail, with the one that is open marked. */
export function SideNav() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <SideNavigation
      header={{ text: "Identity and Access Management (IAM)", href: paths.dashboard }}
      items={IAM}
      activeHref={activeHref(pathname)}
      onFollow={(event) => {
        if (event.detail.external) return;
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}

function activeHref(pathname: string): string {
  const hrefs = IAM.flatMap((item) => ("items" in item ? [...item.items] : [item])).flatMap((item) =>
    item.type === "link" ? [item.href] : [],
  );
  const place = MADE_UNDER[pathname] ?? pathname;
  return hrefs.find((href) => place === href || (href !== paths.dashboard && place.startsWith(`${href}/`))) ?? place;
}
